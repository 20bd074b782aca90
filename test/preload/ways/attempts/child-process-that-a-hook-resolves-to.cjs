require('module').registerHooks({
  resolve: (s, c, n) =>
    s === 'cp' ? { url: 'node:child_process', format: 'builtin', shortCircuit: true } : n(s, c),
});
require('cp').spawnSync(process.execPath, [__dirname + '/dropped.cjs'], {
  env: {},
  stdio: 'inherit',
});
