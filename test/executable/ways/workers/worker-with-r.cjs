new (require('worker_threads').Worker)(__dirname + '/empty.cjs', {
  execArgv: ['-r', __dirname + '/dropped.cjs'],
});
