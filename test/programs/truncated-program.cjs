/*
 * truncated-program.cjs ADDON PROGRAM: examines a program while a Worker truncates it and writes it
 * again.
 */
const { readFileSync, truncateSync, writeFileSync } = require('node:fs');
const { isMainThread, Worker, workerData } = require('node:worker_threads');

if (isMainThread) {
  const [, , addon, program] = process.argv;
  const { programFile } = require(addon);
  const stop = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(__filename, { workerData: { program, stop } });
  Atomics.wait(stop, 1, 0);
  for (let i = 0; i < 5000; i++) programFile(program);
  Atomics.store(stop, 0, 1);
  worker.on('exit', () => console.log('survived'));
} else {
  const { program, stop } = workerData;
  const bytes = readFileSync(program);
  Atomics.store(stop, 1, 1);
  Atomics.notify(stop, 1);
  while (Atomics.load(stop, 0) === 0) {
    truncateSync(program, 64);
    writeFileSync(program, bytes);
  }
}
