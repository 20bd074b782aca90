new (require('worker_threads').Worker)(__dirname + '/worker.cjs', {
  execArgv: ['--no-warnings', '-r', __dirname + '/first.cjs'],
  env: { A: '1' },
});
