require('child_process').spawnSync(
  process.execPath,
  ['--no-warnings', '--build_snapshot', __dirname + '/dropped.cjs'],
  { env: {}, stdio: 'inherit' },
);
