/*
 * What the preload adds to the start of an empty program: with nothing enforced, and under both
 * locked securebits. The ways take turns, round by round.
 *
 * usage: node bench/start.mjs [--node PATH] [--rounds N] [--preload FILE]
 *
 * `--preload` measures another build, such as one of another commit.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { ask, bound, end, folder, free, here, machine, median, timed } from './hosts.mjs';

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.execPath },
    rounds: { type: 'string', default: '40' },
    preload: { type: 'string', default: here('../dist/register.cjs') },
  },
});
const node = resolve(values.node);

const script = join(folder, 'empty.cjs');
writeFileSync(script, '', { mode: 0o755 });

const preloaded = ['--require', resolve(values.preload)];
const ways = [
  { name: 'plain', host: free, options: [] },
  { name: 'preload', host: free, options: preloaded },
  { name: 'enforced', host: bound, options: preloaded },
];

/** The milliseconds that passed, and those of the processors. */
async function start({ host, options }) {
  const { status, stdout, stderr } = await ask(host, {
    command: [timed, node, ...options, script],
    cwd: folder,
    env: { PATH: process.env.PATH },
  });
  if (status !== 0) throw new Error(stderr);
  const [wall, cpu] = stdout.split(' ').map(Number);
  return { wall, cpu };
}

const rounds = [];
// The first round is for the file system's cache.
for (let round = -1; round < Number(values.rounds); round++) {
  const times = {};
  for (const way of ways) times[way.name] = await start(way);
  if (round >= 0) rounds.push(times);
}
end();

console.log(`${machine(node)}, an empty program, ${values.rounds} rounds\n`);
console.log('| medians  | CPU, ms | more, ms | ratio | wall, ms | more, ms | ratio |');
console.log('| -------- | ------- | -------- | ----- | -------- | -------- | ----- |');
for (const { name } of ways) {
  const cells = ['cpu', 'wall'].flatMap((kind) => [
    median(rounds.map((times) => times[name][kind])).toFixed(2),
    median(rounds.map((times) => times[name][kind] - times.plain[kind])).toFixed(2),
    median(rounds.map((times) => times[name][kind] / times.plain[kind])).toFixed(3),
  ]);
  console.log(`| ${name.padEnd(8)} | ${cells.join(' | ')} |`);
}
