require('child_process').spawnSync(process.execPath, [__dirname + '/dropped.cjs'], {
  env: { 'NODE_OPTIONS=--no-warnings': 'x' },
  stdio: 'inherit',
});
