const { fork } = require('node:child_process');
const { Worker } = require('node:worker_threads');

new Worker(__dirname + '/a.cjs', { env: {}, execArgv: [] });
fork(__dirname + '/a.cjs', { env: {}, execArgv: [] });
