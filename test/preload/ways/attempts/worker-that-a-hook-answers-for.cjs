require('module').registerHooks({
  load: (u, c, n) =>
    u === 'node:worker_threads' ? { format: 'builtin', source: null, shortCircuit: true } : n(u, c),
});
new (require('worker_threads').Worker)(__dirname + '/dropped.cjs', { execArgv: [], env: {} });
