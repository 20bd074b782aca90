new (require('worker_threads').Worker)(__dirname + '/empty.cjs', {
  execArgv: ['--require=' + __dirname + '/dropped.cjs'],
});
