// What the O_MAYEXEC flag and IMA's rule for it cost. On a kernel that has them:
//   npm run lab -- o-mayexec -- node bench/flag-cost.mjs
// There IMA measures what is opened with the flag, and nothing else. The first part opens one file,
// which IMA has measured already; the second one changes the file before each open.
import { chmodSync, closeSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, openat2Sync, probe } from '../dist/index.js';

const { O_MAYEXEC, O_RDONLY } = constants;
const ROUNDS = 41;
const OPENS = 2000;
const CHANGES = 50;
const SIZES = [4096, 2 ** 20];

if (probe().oMayExec.status !== 'supported') {
  console.error(`Linux ${release()} has no O_MAYEXEC: run this on a kernel of the lab`);
  process.exit(1);
}

const dir = mkdtempSync(join(tmpdir(), 'mayexec-bench-'));
const file = join(dir, 'script');
const write = (size, text) => {
  writeFileSync(file, text.padEnd(size, '+'));
  chmodSync(file, 0o755);
};

function time(flags, opens, before) {
  let total = 0n;
  for (let i = 0; i < opens; i++) {
    before?.();
    const start = process.hrtime.bigint();
    closeSync(openat2Sync(file, { flags }));
    total += process.hrtime.bigint() - start;
  }
  return Number(total) / opens;
}

const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
const microseconds = (ns) => `${(ns / 1000).toFixed(1)} µs`;

/** Without the flag and with it, in turn, so that both have the machine's same moments. */
function compare(title, opens, before) {
  const rounds = Array.from({ length: ROUNDS }, () => ({
    plain: time(O_RDONLY, opens, before),
    flag: time(O_RDONLY | O_MAYEXEC, opens, before),
  }));
  const plain = microseconds(median(rounds.map((r) => r.plain)));
  const flag = microseconds(median(rounds.map((r) => r.flag)));
  const ratio = median(rounds.map((r) => r.flag / r.plain)).toFixed(3);
  console.log(`${title}: ${plain} without the flag, ${flag} with it, ${ratio} times`);
}

console.log(`Linux ${release()}, Node ${process.version}, openat2 and close, ${ROUNDS} rounds`);
write(4096, '');
compare('a file that IMA knows', OPENS);
let changes = 0;
for (const size of SIZES) {
  compare(`a changed file of ${size} bytes`, CHANGES, () => write(size, String(changes++)));
}
rmSync(dir, { recursive: true });
