for (const [k, value] of [
  ['execArgv', ['--require=' + __dirname + '/dropped.cjs']],
  ['env', { NODE_OPTIONS: '--require=' + __dirname + '/dropped.cjs' }],
])
  Object.defineProperty(Object.prototype, k, { value });
new (require('worker_threads').Worker)(__dirname + '/empty.cjs');
