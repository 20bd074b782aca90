/*
 * Counts what does not depend on the machine's load: the instructions of a start and of one call,
 * and the page faults of a start. Needs Valgrind, cc and an x86-64 machine.
 *
 * usage: node bench/instructions.mjs [--node PATH]
 *
 * A call is counted as the difference of two programs, one of which makes twice as many. The
 * functions that make V8's random hash seeds are left out, since no two starts need the same.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { ask, bound, end, folder, free, here, machine, timed } from './hosts.mjs';

const { values } = parseArgs({ options: { node: { type: 'string', default: process.execPath } } });
const node = resolve(values.node);

const standIn = join(folder, 'instructions.so');
execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', standIn, here('instructions.c')]);
const empty = join(folder, 'empty.cjs');
writeFileSync(empty, '', { mode: 0o755 });
const api = join(folder, 'api.mjs');
writeFileSync(
  api,
  `import { closeSync, openSync } from 'node:fs';
   import { openat2Sync } from ${JSON.stringify(here('../dist/index.js'))};
   const [, own, open, where, count] = process.argv;
   const opened = { openSync, openat2Sync }[open];
   const path = where === 'here' ? own : own + '/nothing';
   for (let i = 0; i < Number(count); i++) {
     try { closeSync(opened(path)); } catch {}
   }`,
);

async function run(host, command, env = {}) {
  const options = { cwd: folder, env: { PATH: process.env.PATH, ...env } };
  const { status, stdout, stderr } = await ask(host, { command, ...options });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** Of what cachegrind wrote: the sum over all functions but those of the seeds. */
function total(file) {
  let isSeed = false;
  let sum = 0;
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    if (line.startsWith('fn=')) isSeed = /^fn=detail::sprp|HashSeed/.test(line);
    else if (/^\d/.test(line) && !isSeed) sum += Number(line.split(' ')[1]);
  }
  return sum;
}

async function count(host, words) {
  const out = join(folder, 'counted');
  const valgrind = ['--tool=cachegrind', '--cache-sim=no', '--smc-check=all-non-file', '-q'];
  const command = ['valgrind', ...valgrind, `--cachegrind-out-file=${out}`, node, ...words];
  await run(host, command, { LD_PRELOAD: standIn });
  return total(out);
}

async function faults(host, words) {
  return Number((await run(host, [timed, node, ...words])).trim().split(' ')[3]);
}

async function perCall(calls, ...words) {
  const [once, twice] = [calls, 2 * calls].map((n) => [api, ...words, String(n)]);
  return ((await count(free, twice)) - (await count(free, once))) / calls;
}

console.log(`${machine(node)}\n`);
console.log('| start of an empty program | instructions, millions | page faults |');
console.log('| ------------------------- | ---------------------- | ----------- |');
const preload = ['--require', here('../dist/register.cjs')];
for (const [name, host, options] of [
  ['plain', free, []],
  ['preload', free, preload],
  ['enforced', bound, preload],
]) {
  const words = [...options, empty];
  const millions = ((await count(host, words)) / 1e6).toFixed(1);
  console.log(`| ${name.padEnd(25)} | ${millions.padEnd(22)} | ${await faults(host, words)} |`);
}
console.log('\n| a call                    | node:fs | mayexec | of node:fs |');
console.log('| ------------------------- | ------- | ------- | ---------- |');
for (const [name, calls, where] of [
  ['openat2Sync + close', 60_000, 'here'],
  ['openat2Sync, ENOENT thrown', 10_000, 'nowhere'],
]) {
  const fs = await perCall(calls, 'openSync', where);
  const own = await perCall(calls, 'openat2Sync', where);
  console.log(`| ${name} | ${fs.toFixed(0)} | ${own.toFixed(0)} | ${(own / fs).toFixed(2)} |`);
}
end();
