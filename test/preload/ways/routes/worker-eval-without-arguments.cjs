new (require('worker_threads').Worker)("require('fs').writeSync(1, 'RAN\\n')", {
  eval: 1,
  execArgv: [],
  env: {},
});
