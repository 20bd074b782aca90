const { Worker, SHARE_ENV } = require('worker_threads');
new Worker('process.env.A = 1', { eval: true, env: SHARE_ENV }).on('exit', () =>
  console.log(process.env.A),
);
