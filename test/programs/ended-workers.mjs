// Ends COUNT workers, each in the middle of opening or holding files in every
// form. Prints the fd table before and after.
import { readdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

const [index, file, count] = process.argv.slice(2);
const source = `
  const { parentPort, workerData } = require('node:worker_threads');
  import(workerData.index).then(async (m) => {
    const held = [m.openMayExecSync(workerData.file), await m.openMayExec(workerData.file)];
    const stream = m.openMayExecSync(workerData.file).createReadStream({ highWaterMark: 1 });
    stream.once('data', () => stream.pause());
    parentPort.postMessage('ready');
    const lanes = Array.from({ length: 4 }, async () => {
      for (;;) {
        await m.openMayExec(workerData.file).then((f) => f.close());
        await m.readMayExec(workerData.file);
        (await m.openMayExec(workerData.file)).createReadStream().resume();
      }
    });
    await Promise.all(lanes);
    void held;
  });
`;
const fds = () => readdirSync('/proc/self/fd').length;
const threads = () => readdirSync('/proc/self/task').length;

async function one(i) {
  const worker = new Worker(source, { eval: true, workerData: { index, file } });
  await new Promise((done, fail) => {
    worker.once('message', done);
    worker.once('error', fail);
  });
  await new Promise((done) => setTimeout(done, i % 7));
  await worker.terminate();
}

await one(0);
const before = { fds: fds(), threads: threads() };
for (let i = 0; i < Number(count); i += 4) await Promise.all([0, 1, 2, 3].map((k) => one(i + k)));
// The last thread may still be on its way out after terminate() has resolved.
for (let i = 0; i < 100 && threads() > before.threads; i++) {
  await new Promise((done) => setTimeout(done, 20));
}
const after = { fds: fds(), threads: threads() };
console.log(JSON.stringify({ before, after }));
