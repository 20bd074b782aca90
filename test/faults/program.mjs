// program.mjs INDEX ADDON CONTROL ROWS: makes each call of ROWS (JSON) while system calls of it
// fail, and prints what came of it, which system calls it made, what stayed open, and what the next
// call gives.
import * as fs from 'node:fs';
import { once } from 'node:events';
import { basename, dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { elsewhere, operations, withFd } from './operations.mjs';

const [index, addon, control, table] = process.argv.slice(2);
const mayexec = await import(index);
const { executable, rows } = JSON.parse(fs.readFileSync(table, 'utf8'));

// inject.c's struct control: whether it watches, two faults of five numbers, and a byte for each
// system call that it saw.
const armed = fs.openSync(control, 'r+');
const FAULTS = 2;
const SEEN = 4 * (1 + 5 * FAULTS);
const state = Buffer.alloc(SEEN + 512);
const numbers = new Int32Array(state.buffer, state.byteOffset, SEEN / 4);

/** From now on system calls are noted, and the next of these fail. */
function arm(faults) {
  state.fill(0);
  numbers[0] = 1;
  for (const [i, { nr, errno, skip, count }] of faults.entries())
    numbers.set([nr, errno, skip, count], 1 + 5 * i);
  fs.writeSync(armed, state, 0, state.length, 0);
}

/** Nothing fails from now on. Returns how often each fault came about, and the system calls. */
function disarm(faults) {
  numbers[0] = 0;
  fs.writeSync(armed, state, 0, 4, 0);
  fs.readSync(armed, state, 0, state.length, 0);
  const seen = [...state.subarray(SEEN).entries()].filter(([, byte]) => byte !== 0);
  return { answered: faults.map((_, i) => numbers[5 + 5 * i]), seen: seen.map(([nr]) => nr) };
}

/** A file that was handed over, as its verdict and content; it is closed. */
function handedOver(file) {
  try {
    return { verdict: file.verdict, text: file.textSync() };
  } finally {
    file.closeSync();
  }
}

/** An fd that was handed over; it is closed. */
function closed(fd) {
  fs.closeSync(fd);
  return { fd: true };
}

const calls = {
  openMayExecSync: ({ path, enforce }) => handedOver(mayexec.openMayExecSync(path, { enforce })),
  openMayExec: async ({ path, enforce }) =>
    handedOver(await mayexec.openMayExec(path, { enforce })),
  readMayExecSync: ({ path, enforce }) => ({
    text: String(mayexec.readMayExecSync(path, { enforce })),
  }),
  readMayExec: async ({ path, enforce }) => ({
    text: String(await mayexec.readMayExec(path, { enforce })),
  }),
  checkExecSync: ({ path }) => withFd(path, 'r', (fd) => ({ verdict: mayexec.checkExecSync(fd) })),
  checkExec: async ({ path }) => {
    const fd = fs.openSync(path, 'r');
    try {
      return { verdict: await mayexec.checkExec(fd) };
    } finally {
      fs.closeSync(fd);
    }
  },
  checkInteractive: () => ({ verdict: mayexec.checkInteractive() }),
  'checkInteractive of an fd': ({ path, enforce }) =>
    withFd(path, 'r', (fd) => ({ verdict: mayexec.checkInteractive({ fd, enforce }) })),
  detach: ({ path }) => closed(mayexec.openMayExecSync(path).detach()),
  probe: () => {
    const { openat2, execveCheck, mechanism } = mayexec.probe();
    return { value: { openat2, execveCheck, mechanism } };
  },
  'openMayExecSync in a Worker': async ({ path, enforce }) => {
    const workerData = { index, path, enforce };
    const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData });
    const [[outcome]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
    return outcome;
  },
  restrictExec: ({ path }) => mayexec.restrictExec({ allow: [path] }),
  openat2Sync: ({ path }) => closed(mayexec.openat2Sync(path)),
  openat2: async ({ path }) => closed(await mayexec.openat2(path)),
  getSecurebits: () => ({ securebits: mayexec.getSecurebits() }),
};

/** The addon's own, by names of their own. */
const own = operations(addon, {
  directory: dirname(executable),
  name: basename(executable),
  text: 'text',
});
for (const [name, operation] of Object.entries(own))
  calls[`addon.${name}`] = async ({ path }) => ({ value: await operation(path) });

/** It would restrict this process for good, so it is made only where it fails. */
const irreversible = new Set(['restrictExec']);

/** What is open, but for the fd that lists it. */
function openFds() {
  const found = new Map();
  for (const fd of fs.readdirSync('/proc/self/fd'))
    try {
      found.set(fd, fs.readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      // It listed them.
    }
  return found;
}

const described = ({ name, code, syscall, path, reason, verdict, message }) => ({
  name,
  code,
  syscall,
  path,
  reason,
  verdict,
  message,
});

/** What stays open. Another thread may have something open for a moment. */
async function leftOpen(before) {
  for (let tries = 100; ; tries--) {
    const left = [...openFds()].filter(([fd, file]) => before.get(fd) !== file);
    if (left.length === 0 || tries === 0) return left.map(String);
    await setTimeout(10);
  }
}

async function result(call, row) {
  try {
    return await call(row);
  } catch (error) {
    return { error: described(error) };
  }
}

const results = [];
for (const { faults, ...row } of rows) {
  const call = calls[row.call];
  const well = (enforce) =>
    irreversible.has(row.call) ? {} : result(call, { ...row, path: executable, enforce });
  // Threads and fds that the first call of all makes for good.
  const first = await well(false);
  const before = openFds();
  arm(faults);
  const outcome = await result(call, row);
  const { answered, seen } = disarm(faults);
  const left = await leftOpen(before);
  results.push({ ...outcome, answered, seen, left, first, next: await well(true) });
}
const names = Object.keys(own).filter((name) => !name.includes(' '));
console.log(JSON.stringify({ results, operations: [...names, ...elsewhere] }));
