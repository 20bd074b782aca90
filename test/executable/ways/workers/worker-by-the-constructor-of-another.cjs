const w = new (require('worker_threads').Worker)(__dirname + '/empty.cjs');
new w.constructor(__dirname + '/dropped.cjs', { execArgv: [] });
