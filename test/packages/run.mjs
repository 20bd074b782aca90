/*
 * The packed package in the hands of others: published to a registry on this
 * machine, installed by each package manager with install scripts off, put into
 * a bundle by each bundler, and used. Prints a line a way, and fails if one does.
 * usage: npm run test:packages [-- TARBALL [NAME]], a part of the names of the ways to try
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { BUNDLERS } from './bundlers.mjs';
import { firstMinutes } from './first-minutes.mjs';
import { MANAGERS } from './managers.mjs';
import { FRAMEWORKS } from './next.mjs';

const PORT = 4874;
const registry = `http://127.0.0.1:${PORT}/`;
const here = import.meta.dirname;
const work = mkdtempSync(join(tmpdir(), 'mayexec-packages-'));
const tools = join(here, 'node_modules');

function project(name) {
  const folder = join(work, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  for (const file of ['use.mjs', 'api.mjs']) cpSync(join(here, file), join(folder, file));
  writeFileSync(join(folder, 'allowed'), '', { mode: 0o755 });
  writeFileSync(join(folder, 'refused'), '', { mode: 0o644 });
  return folder;
}

function pack() {
  const words = ['pack', '--silent', '--pack-destination', work];
  const said = execFileSync('npm', words, { cwd: join(here, '../..'), encoding: 'utf8' });
  return join(work, said.trim().split('\n').at(-1));
}

function run(folder, [program, ...words]) {
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      CI: '1',
      npm_config_registry: registry,
      npm_config_ignore_scripts: 'true',
      YARN_REGISTRY: registry,
      YARN_NPM_REGISTRY_SERVER: registry,
      YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
      // What was published a minute ago is taken too.
      YARN_NPM_MINIMAL_AGE_GATE: '0',
      YARN_ENABLE_SCRIPTS: 'false',
      YARN_ENABLE_GLOBAL_CACHE: 'false',
      YARN_CACHE_FOLDER: join(work, 'yarn-cache'),
      BUN_CONFIG_REGISTRY: registry,
      NPM_CONFIG_REGISTRY: registry,
      pnpm_config_registry: registry,
      npm_config_cache: join(work, 'npm-cache'),
      XDG_DATA_HOME: join(work, 'data'),
      DENO_DIR: join(work, 'deno'),
      // pnpm 12 keeps there what it knows of a version, the one of an hour ago too.
      XDG_CACHE_HOME: join(work, 'cache'),
      BUN_INSTALL_CACHE_DIR: join(work, 'bun'),
    },
  });
  const said = `${stdout}${stderr}`;
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: status ${status}\n${said}`);
  return said;
}

const failures = [];
function report(kind, name, work) {
  let outcome = 'ok';
  try {
    work();
  } catch (error) {
    outcome = 'FAILED';
    failures.push(`${name}: ${error.message}`);
  }
  console.log(`${kind.padEnd(16)} ${name.padEnd(34)} ${outcome}`);
}

/** What use.mjs says where all is well. */
const WELL = /^addon supported, handed over, refused: mode$/;

/** What api.mjs says where all is well. */
const ALL_CALLS = /^(\d+) of \1 calls$/;

function expectLast(said, expected) {
  const last = said.trimEnd().split('\n').at(-1);
  if (!expected.test(last)) throw new Error(`it said ${said}`);
}

writeFileSync(
  join(work, 'verdaccio.yaml'),
  `storage: ${join(work, 'storage')}
packages: { '**': { access: $all, publish: $all } }
log: { type: stdout, level: fatal }
`,
);
const server = spawn(
  process.execPath,
  [join(tools, 'verdaccio/bin/verdaccio'), '-c', join(work, 'verdaccio.yaml'), '-l', `${PORT}`],
  { stdio: 'inherit' },
);
try {
  const [packed = pack(), only = ''] = process.argv.slice(2);
  const tarball = resolve(packed);
  const wanted = ({ name }) => name.includes(only);
  writeFileSync(join(work, 'npmrc'), `//127.0.0.1:${PORT}/:_authToken=anybody\n`);
  for (let i = 0; i < 60; i++) {
    if ((await fetch(registry).catch(() => undefined)) !== undefined) break;
    await setTimeout(500);
  }
  const publish = ['publish', '--provenance=false', '--registry', registry, tarball];
  execFileSync('npm', [...publish, '--userconfig', join(work, 'npmrc')], { stdio: 'pipe' });

  for (const { name, install, use, says = WELL, allOfApi } of MANAGERS(tools, tarball).filter(
    wanted,
  )) {
    report('package manager', name, () => {
      const folder = project(name.replaceAll(' ', '-'));
      const said = install.map((words) => run(folder, words)).join('');
      const warning = /^.*(warn|ignored build).*mayexec.*$/im.exec(said);
      if (warning !== null) throw new Error(warning[0]);
      expectLast(run(folder, [...use, 'use.mjs', 'allowed', 'refused']), says);
      if (allOfApi !== undefined) expectLast(run(folder, [...allOfApi, 'api.mjs']), ALL_CALLS);
    });
  }
  for (const { name, bundle, executable = false } of BUNDLERS.filter(wanted)) {
    for (const place of ['in the project', 'moved, with mayexec.node beside it']) {
      const folder = project(`${name}-${place}`.replaceAll(/[ ,]/g, '-'));
      run(folder, ['npm', 'install', 'mayexec']);
      const title = `${name}, ${place}`;
      let failed;
      const file = await bundle(folder).catch((error) => (failed = error));
      report('bundler', title, () => {
        if (failed !== undefined) throw failed;
        if (place !== 'in the project') {
          const addon = `prebuilds/linux-${process.arch}/mayexec.node`;
          cpSync(join(folder, 'node_modules/mayexec', addon), join(file, '../mayexec.node'));
          rmSync(join(folder, 'node_modules'), { recursive: true });
        }
        const start = executable ? [file] : [process.execPath, file];
        expectLast(run(folder, [...start, 'allowed', 'refused']), WELL);
      });
    }
  }
  const bare = 'a bare root, from npm install to a refusal';
  if (wanted({ name: bare })) {
    report('first minutes', bare, () => {
      expectLast(firstMinutes(join(work, 'root'), tools, registry), /^refused, then sealed$/);
    });
  }
  for (const { name, build } of FRAMEWORKS.filter(wanted)) {
    const folder = project(name.replaceAll(/[ ,]+/g, '-'));
    let said = '';
    let failed;
    try {
      run(folder, ['npm', 'install', 'mayexec']);
      said = await build(folder);
    } catch (error) {
      failed = error;
    }
    report('framework', name, () => {
      if (failed !== undefined) throw failed;
      expectLast(said, WELL);
    });
  }
} finally {
  server.kill();
  rmSync(work, { recursive: true, force: true });
}
for (const failure of failures) console.error(`\n${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;
