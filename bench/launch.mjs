/*
 * What a start by mayexec-run takes more than execve of the command itself, and
 * what `mayexec run` takes more than that: `node bench/launch.mjs [PAIRS]`. Each
 * pair starts the command once in each way, one after the other, and the median
 * is that of the differences.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const launcher = file('build/Release/mayexec-run');
const pairs = Number(process.argv[2] ?? 200);
const node = file('node_modules/node-24/bin/node');
// Without the preload, which costs the same with and without the launcher.
const env = { PATH: process.env.PATH };

function milliseconds([program, ...args]) {
  const before = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, args, { env });
  const after = process.hrtime.bigint();
  if (status !== 0) throw new Error(String(stderr));
  return Number(after - before) / 1e6;
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1].toFixed(2);
}

/** The medians of one way, the other, and the differences. */
function compare(title, one, other, count) {
  const times = Array.from({ length: count }, (_, i) => {
    const first = i % 2 === 0;
    const a = first ? milliseconds(one) : undefined;
    const b = milliseconds(other);
    return [a ?? milliseconds(one), b];
  });
  const [a, b] = [0, 1].map((side) => median(times.map((pair) => pair[side])));
  const more = median(times.map(([one, other]) => other - one));
  console.log(`${title}: ${a} ms, ${b} ms, ${more} ms more (median of ${count} pairs)`);
}

console.log(`${launcher}: ${statSync(launcher).size} bytes`);
compare('/bin/true', ['/bin/true'], [launcher, '--', '/bin/true'], pairs);
const version = [node, '--version'];
compare('node --version', version, [launcher, '--', ...version], pairs);
const run = [process.execPath, file('dist/cli.cjs'), 'run', '--', '/bin/true'];
compare('/bin/true, by mayexec run', ['/bin/true'], run, Math.ceil(pairs / 4));
