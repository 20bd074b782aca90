new (require('worker_threads').Worker)(__dirname + '/dropped-worker.cjs', {
  execArgv: [],
  env: {},
});
