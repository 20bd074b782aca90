const W = require('worker_threads').Worker.prototype.constructor;
new W(__dirname + '/dropped-worker.cjs', { execArgv: [], env: {} });
