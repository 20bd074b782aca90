// What the O_MAYEXEC flag costs: openat2 and close of one file, with the flag and
// without, in turn. On a kernel that has it: npm run lab -- o-mayexec -- node bench/flag-cost.mjs
import { chmodSync, closeSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, openat2Sync, probe } from '../dist/index.js';

const { O_MAYEXEC, O_RDONLY } = constants;
const ROUNDS = 41;
const OPENS = 5000;

if (probe().oMayExec.status !== 'supported') {
  console.error(`Linux ${release()} has no O_MAYEXEC: run this on a kernel of the lab`);
  process.exit(1);
}

const dir = mkdtempSync(join(tmpdir(), 'mayexec-bench-'));
const file = join(dir, 'script');
writeFileSync(file, '+\n');
chmodSync(file, 0o755);

function time(flags) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < OPENS; i++) closeSync(openat2Sync(file, { flags }));
  return Number(process.hrtime.bigint() - start) / OPENS;
}
const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];

const rounds = [];
for (let i = 0; i < ROUNDS; i++) {
  const plain = time(O_RDONLY);
  rounds.push({ plain, flag: time(O_RDONLY | O_MAYEXEC) });
}
rmSync(dir, { recursive: true });
console.log(`Linux ${release()}, Node ${process.version}, medians of ${ROUNDS} rounds of ${OPENS}`);
console.log(`openat2 + close            ${median(rounds.map((r) => r.plain)).toFixed(0)} ns`);
console.log(`openat2 + close, O_MAYEXEC ${median(rounds.map((r) => r.flag)).toFixed(0)} ns`);
console.log(`ratio, round by round      ${median(rounds.map((r) => r.flag / r.plain)).toFixed(3)}`);
