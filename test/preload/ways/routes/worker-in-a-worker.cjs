new (require('worker_threads').Worker)(__dirname + '/approved-worker.cjs', {
  execArgv: [],
  env: {},
});
