/**
 * What threads that ran before can execute, before and after restrictExec. Gets the directory that
 * stays allowed, and a program outside of it. Prints an object of JSON.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

import { restrictExec } from '../../dist/index.js';

const [allowed, outside] = process.argv.slice(2);
const run = () => spawnSync(outside).error?.code ?? 'ran';

async function asked(worker) {
  worker.postMessage('run');
  const [answer] = await once(worker, 'message');
  return answer;
}

/** The values of a field of /proc/PID/status, over all threads. */
function ofThreads(field) {
  const values = readdirSync('/proc/self/task').map((id) => {
    const status = readFileSync(`/proc/self/task/${id}/status`, 'utf8');
    return new RegExp(`^${field}:\\t(.*)$`, 'm').exec(status)?.[1];
  });
  return [...new Set(values)].sort();
}

if (isMainThread) {
  const worker = new Worker(fileURLToPath(import.meta.url), { argv: [allowed, outside] });
  const before = [run(), await asked(worker)];
  const { allThreads } = restrictExec({ allow: [allowed] });
  const after = [run(), await asked(worker)];
  console.log(JSON.stringify({ before, allThreads, after, noNewPrivs: ofThreads('NoNewPrivs') }));
  await worker.terminate();
} else {
  parentPort.on('message', () => parentPort.postMessage(run()));
}
