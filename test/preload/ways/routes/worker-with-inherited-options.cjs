new (require('worker_threads').Worker)(
  __dirname + '/dropped-worker.cjs',
  Object.create({ execArgv: [], env: {} }),
);
