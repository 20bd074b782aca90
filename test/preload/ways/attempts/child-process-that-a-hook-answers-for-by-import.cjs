require('module').registerHooks({
  load: (u, c, n) =>
    u === 'node:child_process' ? { format: 'builtin', source: null, shortCircuit: true } : n(u, c),
});
import('child_process').then((c) =>
  c.spawnSync(process.execPath, [__dirname + '/dropped.cjs'], { env: {}, stdio: 'inherit' }),
);
