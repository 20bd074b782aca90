// Starts libuv's thread pool for the first time while a worker checks a file as
// fast as it can. libuv aborts the process when one of its threads cannot start.
// CommonJS throughout, since loading an ES module starts the pool.
const { readFile } = require('node:fs/promises');
const { Worker } = require('node:worker_threads');

const [index, file] = process.argv.slice(2);
const source = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { openSync } = require('node:fs');
  const { fileURLToPath } = require('node:url');
  const { checkExecSync } = require(fileURLToPath(workerData.index));
  const fd = openSync(workerData.file, 'r');
  checkExecSync(fd);
  parentPort.postMessage('ready');
  for (;;) checkExecSync(fd);
`;
const worker = new Worker(source, { eval: true, workerData: { index, file } });
worker.once('message', async () => {
  const files = await Promise.all(Array.from({ length: 8 }, () => readFile(file)));
  console.log(JSON.stringify({ read: files.length }));
  process.exit();
});
