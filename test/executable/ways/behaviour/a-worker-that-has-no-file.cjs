new (require('worker_threads').Worker)(__dirname + '/nothing.cjs').on('error', (e) =>
  console.log(/MODULE_NOT_FOUND$/.test(e.code)),
);
