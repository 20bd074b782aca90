process.env.NODE_OPTIONS = '--require=' + __dirname + '/dropped.cjs';
const { SHARE_ENV } = require('worker_threads');
new (require('worker_threads').Worker)(__dirname + '/empty.cjs');
new (require('worker_threads').Worker)(__dirname + '/empty.cjs', { execArgv: [] });
new (require('worker_threads').Worker)(__dirname + '/empty.cjs', { env: SHARE_ENV });
new (require('worker_threads').Worker)('', { eval: true, execArgv: [] });
