require('child_process').spawnSync(
  process.execPath,
  ['--snapshot-blob', 'blob', '--build-snapshot', 'snapshot.cjs'],
  { stdio: 'ignore' },
);
require('child_process').spawnSync(process.execPath, ['--snapshot-blob', 'blob', 'x'], {
  env: {},
  stdio: 'inherit',
});
