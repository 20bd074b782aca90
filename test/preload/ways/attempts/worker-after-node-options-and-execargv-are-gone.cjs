delete process.env.NODE_OPTIONS;
process.execArgv.length = 0;
new (require('worker_threads').Worker)(__dirname + '/dropped.cjs');
