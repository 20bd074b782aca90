for (const [k, value] of [
  ['execArgv', []],
  ['env', {}],
])
  Object.defineProperty(Object.prototype, k, { value });
new (require('worker_threads').Worker)(__dirname + '/dropped-worker.cjs', {});
