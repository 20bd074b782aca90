class W extends require('worker_threads').Worker {}
new W(__dirname + '/dropped-worker.cjs', { execArgv: [], env: {} });
