require('child_process').execFileSync(
  process.execPath,
  ['--build-snapshot', __dirname + '/dropped.cjs'],
  { stdio: 'inherit' },
);
