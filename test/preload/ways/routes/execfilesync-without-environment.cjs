require('child_process').execFileSync(process.execPath, [__dirname + '/dropped.cjs'], {
  env: {},
  stdio: 'inherit',
});
