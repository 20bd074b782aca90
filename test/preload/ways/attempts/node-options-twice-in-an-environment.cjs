new (require('child_process').ChildProcess)().spawn({
  file: process.execPath,
  args: [process.execPath, __dirname + '/dropped.cjs'],
  envPairs: ['NODE_OPTIONS=', 'NODE_OPTIONS=--no-warnings'],
  stdio: 'inherit',
});
