new (require('child_process').ChildProcess)().spawn({
  file: process.execPath,
  args: [process.execPath, __dirname + '/dropped.cjs'],
  get envPairs() {
    return [];
  },
  set envPairs(v) {},
  stdio: 'inherit',
});
