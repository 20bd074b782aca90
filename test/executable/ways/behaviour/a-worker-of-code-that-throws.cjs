new (require('worker_threads').Worker)('throw new TypeError("x")', { eval: true }).on(
  'error',
  (e) => console.log(e.name, e.message),
);
