require('child_process').spawnSync(
  process.execPath,
  ['--snapshot-blob', 'x.blob', '--build-snapshot', 'dropped.cjs'],
  { stdio: 'inherit' },
);
