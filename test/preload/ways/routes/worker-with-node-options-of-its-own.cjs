new (require('worker_threads').Worker)(__dirname + '/empty.cjs', {
  env: { NODE_OPTIONS: '--require ' + __dirname + '/dropped.cjs' },
});
