/** Two releases of an application, as a build machine makes them. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Application } from './applications.js';
import type { Tools } from './steps.js';

const PNPM = 'pnpm@10';
const YARN = '@yarnpkg/cli-dist@4.18.1';

function run(tools: Tools, cwd: string, file: string, words: readonly string[]): void {
  const env = { ...process.env };
  Object.assign(env, {
    PATH: `${dirname(tools.node)}:${env['PATH'] ?? ''}`,
    npm_config_nodedir: dirname(dirname(tools.node)),
    NEXT_TELEMETRY_DISABLED: '1',
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    YARN_ENABLE_TELEMETRY: '0',
  });
  try {
    execFileSync(file, words, { cwd, env, stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${file} ${words.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}

export function installManagers(tools: Tools): void {
  if (existsSync(join(tools.folder, 'node_modules'))) return;
  writeFileSync(join(tools.folder, 'package.json'), '{ "private": true }\n');
  const words = ['install', '--no-audit', '--no-fund', '--ignore-scripts', PNPM, YARN];
  run(tools, tools.folder, 'npm', words);
}

function install(application: Application, tools: Tools, root: string): void {
  const bin = (path: string): string => join(tools.folder, 'node_modules', path);
  const { manager = 'npm', compiled = [], build } = application;
  if (manager === 'npm') {
    run(tools, root, 'npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund']);
    for (const name of compiled) run(tools, root, 'npm', ['rebuild', name]);
  } else if (manager === 'pnpm') {
    // pnpm links from its store, and one mode belongs to all names of a file.
    const words = ['install', '--ignore-scripts', '--config.package-import-method=copy'];
    run(tools, root, tools.node, [bin('pnpm/bin/pnpm.cjs'), ...words, '--no-frozen-lockfile']);
  } else {
    const yarn = bin('@yarnpkg/cli-dist/bin/yarn.js');
    writeFileSync(join(root, '.yarnrc.yml'), 'enableGlobalCache: false\nenableScripts: false\n');
    run(tools, root, tools.node, [yarn, 'install']);
    // Code in an archive is no file of its own, so it is unpacked.
    run(tools, root, tools.node, [yarn, 'unplug', '--all', '--recursive', '*', '@*/*']);
  }
  if (build !== undefined) {
    const [file = '', ...words] = build;
    run(tools, root, tools.node, [join(root, 'node_modules', file), ...words]);
  }
}

function write(application: Application, root: string, version: string, more: object = {}): void {
  const dependencies = { ...application.dependencies, ...more };
  const { overrides = {} } = application;
  const manifest = { name: 'application', version, private: true, dependencies, overrides };
  const files = { ...application.files, 'package.json': `${JSON.stringify(manifest, null, 2)}\n` };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

/** Makes both releases in a folder, unless they are there. */
export function makeReleases(
  application: Application,
  tools: Tools,
  folder: string,
): { first: string; second: string } {
  const [first, second] = [join(folder, '1.0.0'), join(folder, '2.0.0')];
  if (!existsSync(join(first, '.made'))) {
    write(application, first, '1.0.0');
    install(application, tools, first);
    writeFileSync(join(first, '.made'), '');
  }
  if (!existsSync(join(second, '.made'))) {
    cpSync(first, second, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('/.made'),
    });
    write(application, second, '2.0.0', application.upgrade);
    install(application, tools, second);
    writeFileSync(join(second, '.made'), '');
  }
  return { first, second };
}
