require('module').registerHooks({
  load: (u, c, n) =>
    u === 'node:child_process' ? { format: 'builtin', source: null, shortCircuit: true } : n(u, c),
});
require('child_process').spawnSync(process.execPath, [__dirname + '/dropped.cjs'], {
  env: {},
  stdio: 'inherit',
});
