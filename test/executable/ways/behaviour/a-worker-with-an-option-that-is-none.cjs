try {
  new (require('worker_threads').Worker)(__filename, { execArgv: ['--nothing'] });
} catch (e) {
  console.log(e.code);
}
