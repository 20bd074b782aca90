new (require('worker_threads').Worker)(__dirname + '/empty.cjs', {
  execArgv: ['--experimental_loader', __dirname + '/dropped-loader.mjs'],
});
