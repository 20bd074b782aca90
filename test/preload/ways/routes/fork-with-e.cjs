require('child_process').fork('x', {
  execArgv: ['-e', "require('fs').writeSync(1, 'RAN\\n')"],
  env: {},
});
