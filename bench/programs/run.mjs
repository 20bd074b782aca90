/*
 * Real programs in several ways, in turn: plain Node without and with a compile cache, the preload
 * with nothing enforced, and the preload under both locked securebits: file by file over a sealed
 * tree, with approved bytecode, and from a code image. What they print, how they end and what they
 * make must be the same. The table has the least processor time of the rounds, plain = 1.
 *
 * usage: node bench/programs/run.mjs FOLDER [--node PATH] [--rounds N] [--only NAME]...
 *          [--way NAME]... [--json FILE]
 *
 * FOLDER is made, with the programs from npm in it, unless it is there. Each program gets a folder
 * with the packages that it needs, and an image of it that one run has left its bytecode to.
 *
 * FILE gets the figures, for bench/programs/draw.mjs.
 */
import { execFileSync, fork, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { release } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { programs } from './programs.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: 'string', default: process.execPath },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', multiple: true },
    way: { type: 'string', multiple: true },
    json: { type: 'string' },
  },
});
if (positionals.length !== 1) throw new Error('One folder, please');
// What others may write is not sealed.
process.umask(0o022);
const folder = resolve(positionals[0]);
const node = resolve(values.node);
const root = fileURLToPath(new URL('../..', import.meta.url));
const preload = join(root, 'dist/register.cjs');
const command = join(root, 'dist/cli.cjs');

function install() {
  if (existsSync(join(folder, 'node_modules'))) return;
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, 'bench/programs/package.json'), join(folder, 'package.json'));
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
  });
}

const BOTH = {
  restrictFile: true,
  restrictFileLocked: true,
  denyInteractive: true,
  denyInteractiveLocked: true,
};
const host = (bits) =>
  fork(fileURLToPath(new URL('under.mjs', import.meta.url)), [JSON.stringify(bits)]);
const hosts = { free: host({}), bound: host(BOTH) };
/** Without it, some programs turn on the compile cache themselves. */
const PLAIN = { NODE_DISABLE_COMPILE_CACHE: '1' };
const PRELOADED = { NODE_OPTIONS: `--require=${preload}` };
const WAYS = {
  plain: { host: hosts.free, env: () => PLAIN },
  'compile cache': {
    host: hosts.free,
    env: ({ app }) => ({ NODE_COMPILE_CACHE: `${app}.cache` }),
  },
  preload: { host: hosts.free, env: () => ({ ...PLAIN, ...PRELOADED }) },
  'file by file': { host: hosts.bound, env: () => PRELOADED },
  bytecode: {
    host: hosts.bound,
    env: ({ app }) => ({ ...PRELOADED, MAYEXEC_BYTECODE: `${app}.image` }),
  },
  image: {
    host: hosts.bound,
    env: ({ app }) => ({ ...PRELOADED, MAYEXEC_IMAGE: `${app}.image` }),
  },
};
const ways = Object.keys(WAYS).filter(
  (name) => name === 'plain' || values.way === undefined || values.way.includes(name),
);

/** Copies a package, and all that it and the packages within it need, as far as that is at the top. */
function copyPackage(modules, name, done = new Set()) {
  const from = join(folder, 'node_modules', name);
  if (done.has(name) || !existsSync(from)) return;
  done.add(name);
  cpSync(from, join(modules, name), { recursive: true, verbatimSymlinks: true });
  for (const file of readdirSync(from, { recursive: true })) {
    if (!/^((.*\/)?node_modules\/(@[^/]+\/)?[^/]+\/)?package\.json$/.test(`${file}`)) continue;
    const needs = JSON.parse(readFileSync(join(from, file), 'utf8'));
    for (const needed of Object.keys({
      ...needs.dependencies,
      ...needs.optionalDependencies,
      ...needs.peerDependencies,
    }))
      copyPackage(modules, needed, done);
  }
}

/** The project anew, its code with the x bit, as after `mayexec seal`. */
function lay(project, files) {
  rmSync(project, { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(project, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o755);
  }
  mkdirSync(join(project, '.home'), { recursive: true });
}

function contents(path) {
  if (!existsSync(path)) return {};
  return Object.fromEntries(
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file, `${statSync(file).mode} ${readFileSync(file, 'latin1')}`]),
  );
}

/** Without times, which are never the same. */
function comparable(program, text) {
  let result = text
    .replace(/\d+(\.\d+)?\s?(ms|s|sec|seconds?)\b/g, 'TIME')
    .replace(/\d\d?:\d\d:\d\d( [AP]M)?/g, 'CLOCK')
    .replace(/^(ℹ )?duration_ms .*$/gm, 'TIME')
    .replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, '');
  for (const pattern of program.differs ?? []) result = result.replace(pattern, '');
  const lines = result.split('\n').map((line) => line.trimEnd());
  return (program.sorted ? lines.sort() : lines).join('\n');
}

const slugOf = ({ name }) => name.replaceAll(/\W+/g, '-');
const appOf = (program) => join(folder, 'apps', slugOf(program));
const projectOf = (program) => join(appOf(program), 'projects', slugOf(program));

const environmentOf = (program) => ({
  PATH: `${dirname(node)}:${process.env.PATH}`,
  HOME: join(projectOf(program), '.home'),
  CI: 'true',
  NO_COLOR: '1',
  ...program.env,
});

const wordsOf = ({ bin, args, ...program }) => [
  node,
  ...(bin === undefined ? [] : [join(appOf(program), 'node_modules', bin)]),
  ...args,
];

function prepare(program) {
  const { prepare: commands = [], bin = '', packages = [], files } = program;
  const app = appOf(program);
  const cwd = projectOf(program);
  if (!existsSync(app)) {
    for (const name of [bin.split('/')[0], ...packages]) {
      if (name !== '') copyPackage(join(app, 'node_modules'), name);
    }
  }
  lay(cwd, files);
  writeFileSync(join(app, 'package.json'), '{ "private": true }');
  const env = { ...environmentOf(program), ...PLAIN };
  const how = { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] };
  for (const [file, ...args] of commands) {
    const script = file === 'mayexec' ? command : join(app, 'node_modules', file);
    const [first, ...words] = file === 'chmod' ? [file, ...args] : [node, script, ...args];
    execFileSync(first, words, how);
  }
  execFileSync(node, [command, 'seal', '--no-journal', app], how);
  // The program of an image may end with another status, and a part of it stays on the disk.
  spawnSync(node, [command, 'image', app, '--out', `${app}.image`, '--', ...wordsOf(program)], how);
}

function run(program, way) {
  const project = projectOf(program);
  if (program.prepare === undefined) lay(project, program.files);
  const env = { ...environmentOf(program), ...way.env({ app: appOf(program) }) };
  return new Promise((done) => {
    way.host.once('message', (outcome) => {
      done({
        ...outcome,
        seen: {
          status: outcome.status,
          stdout: comparable(program, outcome.stdout),
          stderr: comparable(program, outcome.stderr),
          ...(program.made === undefined ? {} : { made: contents(join(project, program.made)) }),
        },
      });
    });
    way.host.send({
      command: wordsOf(program),
      cwd: project,
      env,
      times: join(folder, 'times'),
    });
  });
}

const mean = (ratios) => Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / ratios.length);

/** The least times of a program in each way, and the ways in which it does not do the same. */
async function measure(program) {
  const least = Object.fromEntries(ways.map((way) => [way, { cpu: Infinity, wall: Infinity }]));
  const different = new Set();
  prepare(program);
  const rounds = Math.min(Number(values.rounds), program.rounds ?? 100);
  for (let round = -1; round < rounds; round++) {
    let plain;
    for (const name of ways) {
      const outcome = await run(program, WAYS[name]);
      plain ??= outcome;
      if (plain.status !== (program.status ?? 0)) {
        throw new Error(`${program.name} does not work: ${JSON.stringify(plain, null, 1)}`);
      }
      if (JSON.stringify(outcome.seen) !== JSON.stringify(plain.seen)) {
        different.add(name);
        writeFileSync(
          join(folder, `differs-${slugOf(program)}-${slugOf({ name })}.json`),
          JSON.stringify({ plain, [name]: outcome }, null, 1),
        );
      }
      // The first round is for the caches.
      if (round < 0) continue;
      for (const time of ['cpu', 'wall']) {
        least[name][time] = Math.min(least[name][time], outcome[time]);
      }
    }
  }
  return { least, different: [...different] };
}

const isRefused = (program, way) => program.refused !== undefined && WAYS[way].host === hosts.bound;

install();
const others = ways.slice(1);
const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
console.log(`Linux ${release()}, Node ${version}, ${values.rounds} rounds, least processor time\n`);
console.log(`| program | plain, s | ${others.join(' | ')} | the same |`);
console.log(`|---|---|${others.map(() => '---|').join('')}---|`);

const ratios = { cpu: {}, wall: {} };
const measured = [];
let isSame = true;
for (const program of programs) {
  if (values.only !== undefined && !values.only.includes(program.name)) continue;
  const { least, different } = await measure(program);
  const taken = ways.filter((way) => !isRefused(program, way) && !different.includes(way));
  measured.push({
    program: program.name,
    cpu: Object.fromEntries(taken.map((way) => [way, least[way].cpu])),
  });
  const cells = others.map((way) => {
    if (isRefused(program, way)) return '';
    // What ends early, or does something else, takes another time for another reason.
    for (const time of different.includes(way) ? [] : ['cpu', 'wall']) {
      (ratios[time][way] ??= []).push(least[way][time] / least.plain[time]);
    }
    return (least[way].cpu / least.plain.cpu).toFixed(2);
  });
  const unexpected = different.filter((way) => !isRefused(program, way));
  isSame &&= unexpected.length === 0;
  const verdict =
    unexpected.length > 0 ? `NO: ${unexpected.join(', ')}` : (program.refused ?? 'yes');
  console.log(
    `| ${program.name} | ${least.plain.cpu.toFixed(2)} | ${cells.join(' | ')} | ${verdict} |`,
  );
}
for (const [time, title] of [
  ['cpu', 'geometric mean'],
  ['wall', 'geometric mean of wall time'],
]) {
  const means = others.map((way) => mean(ratios[time][way] ?? []).toFixed(3));
  console.log(`| ${title} | | ${means.join(' | ')} | |`);
}
if (values.json !== undefined) {
  const rounds = Number(values.rounds);
  const figures = { kernel: release(), node: version, rounds, programs: measured };
  writeFileSync(values.json, JSON.stringify(figures, null, 1));
}
hosts.free.disconnect();
hosts.bound.disconnect();
process.exitCode = isSame ? 0 : 1;
