/*
 * What a code image saves: programs of this project's own node_modules, copied, in plain Node
 * without a compile cache, in plain Node with one, under both bits file by file, and under both
 * bits from an image. The ways take turns, round by round.
 *
 * usage: node bench/image.mjs [--node PATH] [--rounds N]
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { ask, bound, end, folder, free, here, machine, median, timed } from './hosts.mjs';

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.execPath },
    rounds: { type: 'string', default: '15' },
  },
});
const node = resolve(values.node);
const preload = here('../dist/register.cjs');
const modules = here('../node_modules');

const PROGRAMS = {
  'eslint, 9 files': ['eslint', 'bin/eslint.js', '.'],
  'eslint --version': ['eslint', 'bin/eslint.js', '--version'],
  'cmake-js --help': ['cmake-js', 'bin/cmake-js', '--help'],
  'tsc --version': ['typescript', 'bin/tsc', '--version'],
  'prettier, 9 files': ['prettier', 'bin/prettier.cjs', '.'],
};
// What ends with 1 has found something.
const FINDS = 1;

/** Copies a package with all that it needs, as far as that is at the top. */
function install(app, name, done = new Set()) {
  if (done.has(name) || !existsSync(join(modules, name))) return;
  done.add(name);
  const to = join(app, 'node_modules', name);
  cpSync(join(modules, name), to, { recursive: true, dereference: true });
  const { dependencies = {} } = JSON.parse(readFileSync(join(to, 'package.json'), 'utf8'));
  for (const needed of Object.keys(dependencies)) install(app, needed, done);
}

function application(name) {
  const app = join(folder, name);
  mkdirSync(join(app, 'src'), { recursive: true });
  install(app, name);
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "type": "module" }');
  writeFileSync(join(app, 'eslint.config.js'), 'export default [{ rules: { "no-var": 2 } }];');
  for (let i = 0; i < 8; i++) cpSync(here('start.mjs'), join(app, `src/${i}.mjs`));
  execFileSync('chmod', ['-R', 'a+rX', app]);
  execFileSync('find', [app, '-type', 'f', '-exec', 'chmod', 'a+x', '{}', '+']);
  return { app };
}

/** An image with the bytecode of the functions that this run of the program calls. */
function imageOf({ app }, title, words) {
  const image = join(folder, `${title}.image`);
  const command = [here('../dist/cli.cjs'), 'image', app, '--out', image, '--', node, ...words];
  execFileSync(node, command, { cwd: app, stdio: ['ignore', 'ignore', 'inherit'] });
  return image;
}

const WAYS = {
  // Some of the programs turn the cache on themselves.
  plain: { host: free, options: [], env: () => ({ NODE_DISABLE_COMPILE_CACHE: '1' }) },
  'compile cache': {
    host: free,
    options: [],
    env: ({ cache }) => ({ NODE_COMPILE_CACHE: cache }),
  },
  'file by file': { host: bound, options: ['--require', preload], env: () => ({}) },
  image: {
    host: bound,
    options: ['--require', preload],
    env: ({ image }) => ({ MAYEXEC_IMAGE: image }),
  },
};

const run = (way, wrapper, words, it) =>
  ask(way.host, {
    command: [...wrapper, node, ...way.options, ...words],
    cwd: it.app,
    env: { PATH: process.env.PATH, HOME: it.app, ...way.env(it) },
  });

console.log(`${machine(node)}, ${values.rounds} rounds, processor time\n`);
console.log(`| program | plain, ms | ${Object.keys(WAYS).slice(1).join(' | ')} |`);
console.log('| --- | --- | --- | --- | --- |');
const made = {};
const all = Object.fromEntries(
  Object.keys(WAYS)
    .slice(1)
    .map((way) => [way, []]),
);
for (const [title, [name, script, ...args]] of Object.entries(PROGRAMS)) {
  const it = (made[name] ??= application(name));
  it.cache = join(folder, `${name}.cache`);
  const words = [join(it.app, 'node_modules', name, script), ...args];
  it.image = imageOf(it, title, words);
  for (const [way, how] of Object.entries(WAYS)) {
    const { status, stdout, stderr } = await run(how, [], words, it);
    if (status !== 0 && status !== FINDS) throw new Error(`${way}: ${stdout}${stderr}`);
  }
  const rounds = [];
  for (let round = -1; round < Number(values.rounds); round++) {
    const times = {};
    for (const [way, how] of Object.entries(WAYS)) {
      const { stdout } = await run(how, [timed], words, it);
      times[way] = Number(stdout.split(' ')[1]);
    }
    if (round >= 0) rounds.push(times);
  }
  for (const [way, ratios] of Object.entries(all)) {
    ratios.push(median(rounds.map((times) => times[way] / times.plain)));
  }
  const plain = median(rounds.map((times) => times.plain)).toFixed(0);
  const last = Object.values(all).map((ratios) => ratios.at(-1).toFixed(2));
  console.log(`| ${title} | ${plain} | ${last.join(' | ')} |`);
}
const mean = (ratios) => Math.exp(ratios.reduce((sum, x) => sum + Math.log(x), 0) / ratios.length);
const means = Object.values(all).map((ratios) => mean(ratios).toFixed(2));
console.log(`| geometric mean | | ${means.join(' | ')} |`);
end();
