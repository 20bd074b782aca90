process.env.NODE_OPTIONS = '';
const { Worker, SHARE_ENV } = require('worker_threads');
new Worker(__dirname + '/dropped.cjs', { env: SHARE_ENV, execArgv: [] });
