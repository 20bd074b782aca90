require('child_process').spawn(process.execPath, [__dirname + '/dropped.cjs'], {
  env: {},
  stdio: 'inherit',
});
