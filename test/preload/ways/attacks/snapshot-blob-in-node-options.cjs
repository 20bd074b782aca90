require('child_process').spawnSync(
  process.execPath,
  ['--snapshot-blob', 'blob', '--build-snapshot', 'snapshot.cjs'],
  { stdio: 'ignore' },
);
require('child_process').spawnSync(process.execPath, ['x'], {
  env: { NODE_OPTIONS: '--snapshot-blob=blob' },
  stdio: 'inherit',
});
