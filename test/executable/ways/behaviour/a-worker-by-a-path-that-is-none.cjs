try {
  new (require('worker_threads').Worker)('program.cjs');
} catch (e) {
  console.log(e.code);
}
