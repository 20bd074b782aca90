require('child_process').spawnSync(
  process.execPath,
  ['--experimental-loader', './dropped-loader.mjs', 'approved.cjs'],
  { env: {}, stdio: 'inherit' },
);
