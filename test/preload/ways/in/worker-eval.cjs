new (require('worker_threads').Worker)("require('fs').writeSync(1, 'RAN\\n')", { eval: true });
