if (require('worker_threads').isMainThread)
  new (require('worker_threads').Worker)(__filename, { argv: ['a'], workerData: 5 });
else {
  const { workerData } = require('worker_threads');
  console.log(workerData);
  console.log(
    JSON.stringify([
      process.argv.slice(1).map((a) => require('path').basename(a)),
      process.execArgv,
      __filename.split('/').pop(),
      require.main === module,
    ]),
  );
}
