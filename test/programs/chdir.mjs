// Relative paths after process.chdir(), in every form and every thread, with the
// checker's own thread started before.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

const [index, dir] = process.argv.slice(2);
const { openMayExec, openMayExecSync, readMayExec, readMayExecSync } = await import(index);

for (const name of ['one', 'two']) {
  mkdirSync(join(dir, name));
  writeFileSync(join(dir, name, 'where'), name, { mode: 0o755 });
}
const inWorker = (worker) =>
  new Promise((done, fail) => {
    worker.once('message', done);
    worker.once('error', fail);
    worker.postMessage('go');
  });
const worker = new Worker(
  `const { parentPort, workerData } = require('node:worker_threads');
   parentPort.on('message', async () => {
     const { readMayExec, readMayExecSync } = await import(workerData);
     parentPort.postMessage([
       readMayExecSync('where', { encoding: 'utf8' }),
       await readMayExec('where', { encoding: 'utf8' }),
     ]);
   });`,
  { eval: true, workerData: index },
);

const seen = {};
for (const name of ['one', 'two']) {
  process.chdir(join(dir, name));
  using(openMayExecSync('where'), (file) => (seen[name] = [file.textSync()]));
  await openMayExec('where').then(async (file) => {
    seen[name].push(await file.text());
    await file.close();
  });
  seen[name].push(readMayExecSync('where', { encoding: 'utf8' }));
  seen[name].push(await readMayExec('where', { encoding: 'utf8' }));
  seen[name].push(...(await inWorker(worker)));
}
await worker.terminate();
console.log(JSON.stringify(seen));

function using(file, use) {
  use(file);
  file.closeSync();
}
