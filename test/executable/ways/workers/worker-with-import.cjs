new (require('worker_threads').Worker)(__dirname + '/empty.cjs', {
  execArgv: ['--import', __dirname + '/dropped.cjs'],
});
