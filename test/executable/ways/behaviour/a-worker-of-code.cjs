new (require('worker_threads').Worker)(
  "console.log(JSON.stringify([process.argv.slice(1).map((a) => require('path').basename(a)), process.execArgv, __filename.split('/').pop(), typeof require]))",
  { eval: true, argv: ['a'] },
);
