require('child_process').fork(__dirname + '/empty.cjs', {
  execArgv: ['--require', __dirname + '/dropped.cjs'],
  env: {},
});
