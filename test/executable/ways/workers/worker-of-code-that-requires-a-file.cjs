new (require('worker_threads').Worker)(`require(${JSON.stringify(__dirname + '/dropped.cjs')})`, {
  eval: true,
});
