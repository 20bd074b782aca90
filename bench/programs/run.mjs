/*
 * Real programs in three ways, in turn: plain Node, the preload with nothing
 * enforced, and the preload under both locked securebits over a sealed tree. What
 * they print, how they end and what they make must be the same; what it costs is
 * printed as a table.
 *
 * usage: node bench/programs/run.mjs FOLDER [--node PATH] [--rounds N] [--only NAME]...
 *          [--no-compile-cache]
 *
 * FOLDER is made, with the programs from npm in it, unless it is there. Some
 * programs turn on Node's compile cache, which is off where files are restricted;
 * --no-compile-cache turns it off everywhere, and so tells what the rest costs.
 */
import { execFileSync, fork } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
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
    'no-compile-cache': { type: 'boolean', default: false },
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
const ways = [
  { name: 'plain', host: hosts.free, preloaded: false },
  { name: 'preload', host: hosts.free, preloaded: true },
  { name: 'enforced', host: hosts.bound, preloaded: true },
];

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

const projectOf = ({ name }) => join(folder, 'projects', name.replaceAll(/\W+/g, '-'));

function prepare({ prepare: commands = [], name, files, env }) {
  const cwd = projectOf({ name });
  lay(cwd, files);
  for (const [file, ...args] of commands) {
    const script = file === 'mayexec' ? command : join(folder, 'node_modules', file);
    const [program, ...words] = file === 'chmod' ? [file, ...args] : [node, script, ...args];
    execFileSync(program, words, {
      cwd,
      env: { ...process.env, ...env, HOME: join(cwd, '.home') },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
}

function run(program, way) {
  const project = projectOf(program);
  if (program.prepare === undefined) lay(project, program.files);
  const main = program.bin === undefined ? [] : [join(folder, 'node_modules', program.bin)];
  const env = {
    PATH: `${dirname(node)}:${process.env.PATH}`,
    HOME: join(project, '.home'),
    CI: 'true',
    NO_COLOR: '1',
    ...(values['no-compile-cache'] ? { NODE_DISABLE_COMPILE_CACHE: '1' } : {}),
    ...program.env,
    ...(way.preloaded ? { NODE_OPTIONS: `--require=${preload}` } : {}),
  };
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
      command: [node, ...main, ...program.args],
      cwd: project,
      env,
      times: join(folder, 'times'),
    });
  });
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const mean = (ratios) => Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / ratios.length);

async function measure(program) {
  const ratios = { preload: [], enforced: [] };
  const cpu = { preload: [], enforced: [] };
  const plainWall = [];
  const same = { preload: true, enforced: true };
  prepare(program);
  const rounds = Math.min(Number(values.rounds), program.rounds ?? 100);
  for (let round = -1; round < rounds; round++) {
    const outcomes = {};
    for (const way of ways) outcomes[way.name] = await run(program, way);
    if (outcomes.plain.status !== (program.status ?? 0)) {
      throw new Error(`${program.name} does not work: ${JSON.stringify(outcomes.plain, null, 1)}`);
    }
    for (const name of ['preload', 'enforced']) {
      if (JSON.stringify(outcomes[name].seen) !== JSON.stringify(outcomes.plain.seen)) {
        same[name] = false;
        writeFileSync(
          join(folder, `differs-${program.name.replaceAll(/\W+/g, '-')}-${name}.json`),
          JSON.stringify({ plain: outcomes.plain, [name]: outcomes[name] }, null, 1),
        );
      }
      // The first round is for the file system's cache.
      if (round < 0) continue;
      ratios[name].push(outcomes[name].wall / outcomes.plain.wall);
      cpu[name].push(outcomes[name].cpu / outcomes.plain.cpu);
    }
    if (round >= 0) plainWall.push(outcomes.plain.wall);
  }
  return {
    program,
    same,
    plain: median(plainWall),
    wall: { preload: median(ratios.preload), enforced: median(ratios.enforced) },
    cpu: { preload: median(cpu.preload), enforced: median(cpu.enforced) },
  };
}

install();
execFileSync(process.execPath, [command, 'seal', '--no-journal', join(folder, 'node_modules')], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
console.log(`Linux ${release()}, Node ${version}, ${values.rounds} rounds, medians of ratios\n`);
console.log('| program | plain, s | preload | enforced | CPU preload | CPU enforced | the same |');
console.log('|---|---|---|---|---|---|---|');

const rows = [];
for (const program of programs) {
  if (values.only !== undefined && !values.only.includes(program.name)) continue;
  const row = await measure(program);
  rows.push(row);
  const { same, plain, wall, cpu } = row;
  const enforced = program.refused ? '' : wall.enforced.toFixed(2);
  const verdict = !same.preload
    ? 'NO'
    : same.enforced
      ? 'yes'
      : program.refused
        ? `preload yes; enforced: ${program.refused}`
        : 'preload yes, enforced NO';
  console.log(
    `| ${program.name} | ${plain.toFixed(2)} | ${wall.preload.toFixed(2)} | ${enforced} | ${cpu.preload.toFixed(2)} | ${program.refused ? '' : cpu.enforced.toFixed(2)} | ${verdict} |`,
  );
}
const counted = rows.filter(({ program }) => !program.refused);
const column = (pick, of) => mean(of.map(pick)).toFixed(3);
console.log(
  `| geometric mean | | ${column(({ wall }) => wall.preload, rows)} | ${column(({ wall }) => wall.enforced, counted)} | ${column(({ cpu }) => cpu.preload, rows)} | ${column(({ cpu }) => cpu.enforced, counted)} | |`,
);
hosts.free.disconnect();
hosts.bound.disconnect();
process.exitCode = rows.every(
  ({ same, program }) => same.preload && (same.enforced || program.refused),
)
  ? 0
  : 1;
