/*
 * What `import 'mayexec'` adds to the start of a program: beside the import of an empty ES
 * module. The two take turns, round by round, and each round begins with the other one.
 *
 * usage: node bench/import.mjs [--node PATH] [--rounds N]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.execPath },
    rounds: { type: 'string', default: '40' },
  },
});
const node = resolve(values.node);

const folder = mkdtempSync(join(tmpdir(), 'mayexec-bench-'));
mkdirSync(join(folder, 'node_modules/empty'), { recursive: true });
writeFileSync(
  join(folder, 'node_modules/empty/package.json'),
  '{ "name": "empty", "type": "module", "exports": "./index.js" }',
);
writeFileSync(join(folder, 'node_modules/empty/index.js'), '');
symlinkSync(here('..'), join(folder, 'node_modules/mayexec'));

const MODULES = ['empty', 'mayexec'];
for (const name of MODULES) writeFileSync(join(folder, `${name}.mjs`), `import '${name}';\n`);
const timed = join(folder, 'timed');
execFileSync('cc', ['-O2', '-o', timed, here('timed.c')]);

/** The milliseconds that passed, and those of the processors. */
function start(name) {
  const said = execFileSync(timed, [node, join(folder, `${name}.mjs`)], { encoding: 'utf8' });
  const [wall, cpu] = said.split(' ').map(Number);
  return { wall, cpu };
}

const rounds = [];
// The first two rounds are for the file system's cache.
for (let round = -2; round < Number(values.rounds); round++) {
  const times = {};
  for (const name of round % 2 === 0 ? MODULES : MODULES.toReversed()) times[name] = start(name);
  if (round >= 0) rounds.push(times);
}
rmSync(folder, { recursive: true });

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
console.log(`Linux ${release()}, Node ${version}, ${values.rounds} rounds\n`);
console.log('| medians | empty, ms | mayexec, ms | more, ms |');
console.log('| ------- | --------- | ----------- | -------- |');
for (const kind of ['wall', 'cpu']) {
  const of = (figure) => median(rounds.map(figure)).toFixed(2);
  const cells = [
    of(({ empty }) => empty[kind]),
    of(({ mayexec }) => mayexec[kind]),
    of(({ empty, mayexec }) => mayexec[kind] - empty[kind]),
  ];
  console.log(`| ${kind.padEnd(7)} | ${cells.join(' | ')} |`);
}
