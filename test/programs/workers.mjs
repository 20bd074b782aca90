// Starts COUNT workers, a few at a time, while two threads check a file as fast
// as they can. Prints how many started and what went wrong.
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

const [index, file, count] = process.argv.slice(2);
const source = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { openSync, closeSync } = require('node:fs');
  import(workerData.index).then(async ({ checkExecSync, checkExec }) => {
    const fd = openSync(workerData.file, 'r');
    let checks = 0;
    parentPort.postMessage('ready');
    while (Atomics.load(workerData.stop, 0) === 0) {
      checkExecSync(fd);
      checks++;
      if (checks % 64 === 0) await checkExec(fd);
    }
    closeSync(fd);
    parentPort.postMessage(checks);
  });
`;
const stop = new Int32Array(new SharedArrayBuffer(4));
const next = (worker, event) => new Promise((done) => worker.once(event, done));

const checkers = [];
for (let i = 0; i < 2; i++) {
  const worker = new Worker(source, { eval: true, workerData: { index, file, stop } });
  await next(worker, 'message');
  checkers.push(worker);
}

let started = 0;
const errors = {};
async function start() {
  try {
    const worker = new Worker('', { eval: true });
    await new Promise((done, fail) => {
      worker.once('error', fail);
      worker.once('exit', done);
    });
    started++;
  } catch (error) {
    errors[error.code] = (errors[error.code] ?? 0) + 1;
  }
}
const lane = async (n) => {
  for (let i = 0; i < n; i++) await start();
};
await Promise.all([0, 1, 2, 3].map((i) => lane(Math.floor((Number(count) + i) / 4))));

Atomics.store(stop, 0, 1);
const checks = await Promise.all(checkers.map((worker) => next(worker, 'message')));
const threads = Number(/^Threads:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
console.log(JSON.stringify({ started, errors, checks: checks[0] + checks[1], threads }));
