require('child_process').spawnSync(
  process.execPath,
  ['--build-snapshot', __dirname + '/dropped.cjs'],
  { env: {}, stdio: 'inherit' },
);
