new (require('worker_threads').Worker)('', {
  eval: true,
  execArgv: ['--input-type=module', '--require', __dirname + '/dropped.cjs'],
});
