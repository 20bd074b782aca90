require('child_process').fork(__dirname + '/empty.cjs', {
  env: { NODE_OPTIONS: '--require ' + __dirname + '/dropped.cjs' },
});
