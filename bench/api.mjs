/*
 * The API beside node:fs, koffi and the same system calls in C. The ways of one task take turns,
 * round by round, in this process; C is a child that waits meanwhile.
 *
 * usage: node bench/api.mjs [--rounds N] [--koffi FOLDER] [--task TEXT] [--json]
 *
 * Run it with the Node that is to be measured. `--koffi` is a folder where koffi is installed:
 * it is no dependency of this package. A batch of calls takes about a millisecond, so that on a
 * busy machine some batches run undisturbed: their minima are beside the medians.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { openat2Sync, openMayExecSync, readMayExec, readMayExecSync } from '../dist/index.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '101' },
    koffi: { type: 'string' },
    task: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'mayexec-bench-'));
const none = join(folder, 'none');
const SIZES = { '1 KB': 1 << 10, '10 KB': 10 << 10, '100 KB': 100 << 10, '1 MB': 1 << 20 };
const PROMISES = 1000;
const WARM = 5;

/** A file of code: text of one byte a character. */
function plant(name, size) {
  const path = join(folder, name);
  writeFileSync(path, '// a line of code\n'.repeat(size / 18 + 1).slice(0, size));
  chmodSync(path, 0o755);
  return path;
}
const small = plant('small', 1 << 10);
const many = Array.from({ length: PROMISES }, (_, i) => plant(`file-${i}`, 1 << 10));

for (const name of ['api', 'timed']) {
  execFileSync('cc', ['-O2', '-o', join(folder, name), here(`${name}.c`)]);
}
const c = spawn(join(folder, 'api'), { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = createInterface({ input: c.stdout })[Symbol.asyncIterator]();
const inC =
  (operation, path = small) =>
  async (count) => {
    c.stdin.write(`${operation} ${count} ${path}\n`);
    return Number((await answers.next()).value);
  };

/** The nanoseconds of one call. */
const loop = (call) => (count) => {
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) call();
  return Number(process.hrtime.bigint() - start) / count;
};
const together = (call) => async () => {
  const start = process.hrtime.bigint();
  await Promise.all(many.map((path) => call(path)));
  return Number(process.hrtime.bigint() - start) / PROMISES;
};
const attempt = (call) => () => {
  try {
    call();
  } catch {
    return;
  }
  throw new Error(`${none} exists`);
};

/** openat2 through a foreign function interface. */
function openByKoffi() {
  const require = createRequire(join(values.koffi, 'index.js'));
  const libc = require('koffi').load('libc.so.6');
  const openat2 = libc.func('long syscall(long, int, const char *, const void *, size_t)');
  const close = libc.func('int close(int)');
  const how = new BigUint64Array([BigInt(fs.constants.O_RDONLY | 0o2000000), 0n, 0n]);
  return () => close(openat2(437, -100, small, how, 24));
}
let koffi = {};
let withoutKoffi = 'koffi: left out, since --koffi names no folder where it is installed';
if (values.koffi !== undefined) {
  try {
    koffi = { koffi: loop(openByKoffi()) };
    withoutKoffi = undefined;
  } catch (error) {
    withoutKoffi = `koffi: left out (${error.message.split('\n')[0]})`;
  }
}

/** What an import adds to the start of a program, in nanoseconds of processor time. */
mkdirSync(join(folder, 'node_modules/empty'), { recursive: true });
writeFileSync(join(folder, 'node_modules/empty/package.json'), '{ "type": "module" }');
writeFileSync(join(folder, 'node_modules/empty/index.js'), '');
symlinkSync(here('..'), join(folder, 'node_modules/mayexec'));
const importing = (specifier) => {
  const file = join(folder, 'import.mjs');
  return () => {
    writeFileSync(file, `import '${specifier}';\n`);
    const said = execFileSync(join(folder, 'timed'), [process.execPath, file]);
    return Number(said.toString().split(' ')[1]) * 1e6;
  };
};

const READS = Object.entries(SIZES).map(([name, size]) => {
  const path = plant(`of ${name}`.replaceAll(' ', '-'), size);
  return {
    task: `readMayExecSync, ${name} as text`,
    count: size > 1e5 ? 4 : 40,
    ways: {
      'node:fs': loop(() => fs.readFileSync(path, 'utf8')),
      C: inC('read', path),
      mayexec: loop(() => readMayExecSync(path, 'utf8')),
    },
    goal: 'node:fs + 1.2 checks',
    checks: true,
  };
});

const TASKS = [
  {
    task: 'openat2Sync + close',
    count: 500,
    ways: {
      'node:fs': loop(() => fs.closeSync(fs.openSync(small))),
      C: inC('open'),
      ...koffi,
      mayexec: loop(() => fs.closeSync(openat2Sync(small))),
    },
    goal: '0.90 of node:fs, 1.15 of C',
  },
  {
    task: 'openat2Sync, ENOENT thrown',
    count: 200,
    ways: {
      'node:fs': loop(attempt(() => fs.openSync(none))),
      C: inC('none', none),
      mayexec: loop(attempt(() => openat2Sync(none))),
    },
    goal: '1.00 of node:fs',
  },
  {
    task: 'openMayExecSync + close',
    count: 50,
    ways: {
      'node:fs': loop(() => fs.closeSync(fs.openSync(small))),
      C: inC('check'),
      mayexec: loop(() => openMayExecSync(small).closeSync()),
    },
    goal: '1.30 of C',
  },
  ...READS,
  {
    task: `readMayExec, ${PROMISES} promises`,
    count: 1,
    rounds: 31,
    ways: {
      'node:fs': together((path) => fs.promises.readFile(path)),
      mayexec: together((path) => readMayExec(path)),
    },
    goal: 'node:fs + 1.3 checks',
    checks: true,
  },
  {
    task: 'import of a module',
    count: 1,
    rounds: 31,
    ways: { 'node:fs': importing('./node_modules/empty/index.js'), mayexec: importing('mayexec') },
    goal: 'none',
  },
];

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const least = (numbers) => Math.min(...numbers);

/** Each round begins with another way. The first ones are for the caches and the compilers. */
async function measure({ count, ways, rounds: wanted = Number(values.rounds) }) {
  const names = Object.keys(ways);
  const rounds = [];
  for (let round = -WARM; round < wanted; round++) {
    const times = {};
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + WARM) % names.length];
      times[name] = await ways[name](count);
    }
    if (round >= 0) rounds.push(times);
  }
  return rounds;
}

const checkRounds = await measure({ count: 50, ways: { open: inC('open'), check: inC('check') } });
const columns = (rounds) => (name) => rounds.map((round) => round[name]);
const checkOf = columns(checkRounds);
const check = {
  median: median(checkRounds.map((round) => round.check - round.open)),
  least: least(checkOf('check')) - least(checkOf('open')),
};

/** Of one task: medians of times and of their ratios in one round, and the same of the minima. */
function summary({ task, goal, checks, ways }, rounds) {
  const names = Object.keys(ways);
  const of = columns(rounds);
  const each = (wanted, figure) => Object.fromEntries(wanted.map((name) => [name, figure(name)]));
  const others = names.filter((name) => name !== 'mayexec');
  const more = (round) => round.mayexec - round['node:fs'];
  return {
    task,
    goal,
    ns: each(names, (name) => ({ median: median(of(name)), least: least(of(name)) })),
    ratios: each(others, (name) => ({
      median: median(rounds.map((round) => round.mayexec / round[name])),
      least: least(of('mayexec')) / least(of(name)),
    })),
    ...(checks && {
      checks: {
        median: median(rounds.map(more)) / check.median,
        least: (least(of('mayexec')) - least(of('node:fs'))) / check.least,
      },
    }),
    rounds,
  };
}

const results = [];
for (const task of TASKS.filter(({ task }) => task.includes(values.task))) {
  results.push(summary(task, await measure(task)));
}
c.stdin.end();
rmSync(folder, { recursive: true });

const machine = { kernel: release(), node: process.version, rounds: Number(values.rounds), check };
if (values.json) {
  console.log(JSON.stringify({ ...machine, withoutKoffi, results }, undefined, 2));
} else {
  const micro = (figures) =>
    figures === undefined
      ? ''
      : `${(figures.median / 1e3).toFixed(2)} (${(figures.least / 1e3).toFixed(2)})`;
  const ratio = (figures) =>
    figures === undefined ? '' : `${figures.median.toFixed(2)} (${figures.least.toFixed(2)})`;
  console.log(`Linux ${machine.kernel}, Node ${machine.node}, ${machine.rounds} rounds.`);
  console.log(`Medians, and in brackets minima. One granted check: ${micro(check)} µs.\n`);
  const heads = ['µs', 'node:fs', 'C', 'koffi', 'mayexec', 'of node:fs', 'of C', 'checks more'];
  console.log(`| ${[...heads, 'goal'].join(' | ')} |\n|${' --- |'.repeat(heads.length + 1)}`);
  for (const { task, ns, ratios, checks, goal } of results) {
    const times = ['node:fs', 'C', 'koffi', 'mayexec'].map((name) => micro(ns[name]));
    const figures = [ratios['node:fs'], ratios.C, checks].map(ratio);
    console.log(`| ${[task, ...times, ...figures, goal].join(' | ')} |`);
  }
  if (withoutKoffi !== undefined) console.log(`\n${withoutKoffi}`);
}
