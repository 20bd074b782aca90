// handed-over.mjs INDEX FILE: a Worker closes fds that it was handed, and leaves others open.
// Prints the warnings, what was read, and how many fds still lead to FILE.
import * as fs from 'node:fs';
import { isMainThread, Worker } from 'node:worker_threads';

const [index, file] = process.argv.slice(2);
const mayexec = await import(index);

const ways = {
  detach: () => mayexec.openMayExecSync(file).detach(),
  openat2Sync: () => mayexec.openat2Sync(file),
  openat2: () => mayexec.openat2(file),
};

if (isMainThread) {
  const warnings = [];
  process.on('warning', ({ message }) => warnings.push(message));
  const leadsToFile = (fd) => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${fd}`) === file;
    } catch {
      return false; // the fd by which the list was read
    }
  };
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  const texts = [];
  worker.on('message', (text) => texts.push(text));
  await new Promise((resolve) => worker.once('exit', resolve));
  console.log(
    JSON.stringify({
      warnings,
      left: fs.readdirSync('/proc/self/fd').filter(leadsToFile).length,
      texts,
    }),
  );
} else {
  const { parentPort } = await import('node:worker_threads');
  for (const open of Object.values(ways)) {
    const fd = await open();
    parentPort.postMessage(fs.readFileSync(fd, 'utf8'));
    fs.closeSync(fd);
    await open();
  }
}
