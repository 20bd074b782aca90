// program.mjs INDEX FOLDER STAGE END: brings calls of the package to a stage, and ends there; or
// has a Worker do so, and prints which fds of it are left.
import * as fs from 'node:fs';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const [index, folder, stage, end] = process.argv.slice(2);
const mayexec = await import(index);
const small = join(folder, 'small');
const large = join(folder, 'large');
/** More than there are threads in the pool. */
const MANY = 16;
const many = (call) => Array.from({ length: MANY }, call);
const kept = [];
const keep = (value) => kept.push(value);

/** Each leaves something under way, which nothing waits for. */
const stages = {
  'an open is pending': () => keep(many(() => mayexec.openMayExec(small))),
  'a check is in the queue': () => {
    const fd = fs.openSync(small, 'r');
    keep(many(() => mayexec.checkExec(fd)));
  },
  'a check has begun': async () => {
    const file = mayexec.openMayExecSync(small);
    keep(file);
    const checks = many(() => mayexec.checkExec(file));
    keep(checks);
    await Promise.race(checks);
  },
  'a file is being read': () => keep(many(() => mayexec.readMayExec(large))),
  'an open file is being read': () => {
    const file = mayexec.openMayExecSync(large);
    keep(many(() => file.read()));
  },
  'a stream is half read': async () => {
    const stream = mayexec.openMayExecSync(large).createReadStream();
    keep(stream);
    await new Promise((resolve) => stream.once('data', resolve));
    stream.pause();
  },
  'files are held': async () => keep(await Promise.all(many(() => mayexec.openMayExec(small)))),
  'a directory is open by openat2': async () => {
    keep(many(() => mayexec.openat2(small).then((fd) => fs.closeSync(fd))));
  },
};

const ends = {
  exits: () => process.exit(7),
  'exits by itself': () => undefined,
  throws: () => {
    throw new Error('thrown');
  },
  rejects: () => void Promise.reject(new Error('rejected')),
  aborts: () => process.abort(),
  'is killed': () => process.kill(process.pid, 'SIGKILL'),
  'is asked to end': () => {
    process.kill(process.pid, 'SIGTERM');
    // It has been delivered when this has passed.
    setTimeout(() => process.exit(9), 60_000);
  },
  'is terminated': () => parentPort.postMessage('now'),
};

const openFds = () =>
  fs.readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = fs.readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(folder) ? [`${fd} -> ${target}`] : [];
    } catch {
      return []; // the fd by which the list was read
    }
  });

if (!isMainThread || process.env.IN_WORKER !== '1') {
  await stages[stage]();
  ends[end]();
} else {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.on('error', () => undefined);
  worker.on('message', () => void worker.terminate());
  await ended;
  // The pool may still be at it.
  for (let i = 0; i < 500 && openFds().length > 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const left = openFds();
  const { verdict } = mayexec.openMayExecSync(small);
  console.log(JSON.stringify({ left, allowed: verdict.allowed }));
}
