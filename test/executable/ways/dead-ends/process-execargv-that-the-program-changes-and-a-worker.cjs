process.execArgv.push('--require', __dirname + '/dropped.cjs');
new (require('worker_threads').Worker)(__dirname + '/empty.cjs');
