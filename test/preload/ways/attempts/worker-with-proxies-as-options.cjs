new (require('worker_threads').Worker)(__dirname + '/dropped.cjs', {
  execArgv: new Proxy([], {}),
  env: new Proxy({}, {}),
});
