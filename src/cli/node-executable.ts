import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';

import { addonPath } from '../addon.js';
import { aboutFile } from '../errors.js';
import { checkReplaceable } from '../image/regular-file.js';
import { ASSETS, OWN_OPTIONS, type Embedded } from '../executable/embedded.js';
import type { Gate } from '../preload/guard/gates.js';
import { WITHOUT_EVAL } from '../preload/inherit/preload-option.js';

export interface ExecutableOptions {
  /** The Node to build from. */
  node: string;
  /** The file to write. */
  out: string;
  enforce: boolean;
  strict: boolean;
  allow: readonly Gate[];
  image: string | undefined;
  bytecode: string | undefined;
  /** Options of Node to build in. */
  nodeOptions: readonly string[];
}

export interface Executable {
  readonly path: string;
  /** The addon that must stay beside it. */
  readonly addon: string;
  readonly version: string;
}

/** The executable could not be built. The message is for the user of the command. */
export class BuildError extends Error {}

/** The first Node with `execArgvExtension`, which makes an executable ignore NODE_OPTIONS. */
const OLDEST = 24;
/** The first Node that assembles an executable by itself. */
const BUILDS_BY_ITSELF = 26;
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const MAIN = 'mayexec.cjs';
const EXECUTABLE_MODE = 0o755;

/** This process's environment must not influence the executable. */
const environment = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };

function run(file: string, args: readonly string[], cwd?: string): SpawnSyncReturns<string> {
  return spawnSync(file, args, { encoding: 'utf8', env: environment, cwd });
}

/** Returns the standard output of a step. Throws BuildError with its output when it failed. */
function step(what: string, outcome: SpawnSyncReturns<string>): string {
  if (outcome.error !== undefined) throw new BuildError(`${what}: ${outcome.error.message}`);
  if (outcome.status !== 0) {
    const said = outcome.stderr.trim() || outcome.stdout.trim() || String(outcome.signal);
    throw new BuildError(`${what}: ${said}`);
  }
  return outcome.stdout;
}

interface Answers {
  version: string;
  platform: string;
  arch: string;
  /** The options that a Worker accepts. */
  workerOptions: string[];
}

/** The Node to build from runs this. A Worker refuses options that are only for the process. */
const QUESTIONS = `
const { Worker } = require('node:worker_threads');
const takes = (option) => {
  try { new Worker('', { eval: true, execArgv: [option] }); return true; } catch { return false; }
};
const { version, platform, arch } = process;
console.log(JSON.stringify({ version, platform, arch, workerOptions: process.argv.slice(1).filter(takes) }));
`;

function ask(node: string, options: readonly string[]): Answers {
  const version = step(`'${node}' is not a working Node`, run(node, ['--version'])).trim();
  const major = Number(/^v(\d+)\./.exec(version)?.[1]);
  if (!(major >= OLDEST)) {
    throw new BuildError(
      `'${node}' is ${version}: an executable that ignores NODE_OPTIONS needs Node ${OLDEST} or newer. Name one with --node`,
    );
  }
  const answers = step(
    `Node ${version} does not start with these options`,
    run(node, [...options, '-e', QUESTIONS, '--', ...options]),
  );
  return JSON.parse(answers) as Answers;
}

/** Writes the executable's parts into a folder and lets Node make one file of them. */
function assemble(folder: string, node: string, major: number, embedded: Embedded): string {
  const preload = join(folder, MAIN);
  copyFileSync(join(import.meta.dirname, 'executable.cjs'), preload);
  const settingsFile = join(folder, ASSETS.settings);
  writeFileSync(settingsFile, JSON.stringify(embedded));
  const executable = join(folder, 'node');
  const blob = join(folder, 'blob');
  const byItself = major >= BUILDS_BY_ITSELF;
  const config = {
    // Relative, because stack traces show this name.
    main: MAIN,
    output: byItself ? executable : blob,
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    // Then Node does not look for the main script in a compile cache.
    useCodeCache: true,
    // The caller chooses argv[0]. After -- it cannot be an option.
    execArgv: [...OWN_OPTIONS, ...embedded.nodeOptions, '--'],
    execArgvExtension: 'none',
    assets: {
      [ASSETS.settings]: settingsFile,
      [ASSETS.preload]: preload,
      [ASSETS.addon]: ownAddon(),
    },
  };
  const configFile = join(folder, 'sea-config.json');
  writeFileSync(configFile, JSON.stringify(config));
  // V8 accepts bytecode only with the options that it was made with.
  const make = byItself ? '--build-sea' : '--experimental-sea-config';
  step(`Node's ${make}`, run(node, [...embedded.nodeOptions, make, configFile], folder));
  if (!byItself) {
    copyFileSync(node, executable);
    const args = [postject(), executable, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE];
    step('postject', run(process.execPath, args));
  }
  chmodSync(executable, EXECUTABLE_MODE);
  return executable;
}

/** Only a Node before 25.5 needs postject, so it is an optional dependency. */
function postject(): string {
  try {
    return createRequire(import.meta.filename).resolve('postject/dist/cli.js');
  } catch (cause) {
    throw new BuildError(
      'this Node cannot make a single executable by itself, and postject is not installed: install it beside mayexec (npm install postject), or build from Node 26',
      { cause },
    );
  }
}

/** The addon to copy beside the executable. */
function ownAddon(): string {
  const path = addonPath();
  if (path === undefined) throw new BuildError('an executable of mayexec cannot build another one');
  return path;
}

/**
 * Starts it as an attacker would, with code in the environment and in argv[0]. It must ignore both.
 */
function tryOut(executable: string, folder: string): void {
  const script = join(folder, 'empty.cjs');
  writeFileSync(script, '');
  chmodSync(script, EXECUTABLE_MODE);
  const intruder = '--require=/nonexistent/mayexec-build-node.cjs';
  const outcome = spawnSync(executable, [script], {
    encoding: 'utf8',
    argv0: intruder,
    env: { ...environment, NODE_OPTIONS: intruder },
  });
  step('the new executable failed its test', outcome);
}

function sync(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A folder for what is not finished, on the file system of the executable. */
function folderBeside(out: string): string {
  try {
    return mkdtempSync(`${out}.`);
  } catch (error) {
    throw aboutFile(out, error);
  }
}

/**
 * Builds a Node with mayexec/register as its main script: a single executable application. It
 * replaces a file at `out` in one step, after the new file is complete and tested. Throws
 * BuildError and node:fs's errors.
 */
export function buildExecutable(options: ExecutableOptions): Executable {
  const out = resolve(options.out);
  checkReplaceable(out);
  const nodeOptions =
    options.strict && !options.allow.includes('eval')
      ? [WITHOUT_EVAL, ...options.nodeOptions]
      : [...options.nodeOptions];
  const { version, platform, arch, workerOptions } = ask(options.node, nodeOptions);
  if (platform !== process.platform || arch !== process.arch) {
    throw new BuildError(
      `'${options.node}' is for ${platform} ${arch}, and the addon is for ${process.platform} ${process.arch}`,
    );
  }
  // A new addon gets a new name, because the old executable may still be running.
  const hash = createHash('sha256').update(readFileSync(ownAddon())).digest('hex').slice(0, 12);
  const addonName = `${basename(out)}.${hash}.node`;
  const addon = join(dirname(out), addonName);

  const folder = folderBeside(out);
  try {
    const major = Number(version.slice(1).split('.')[0]);
    const executable = assemble(folder, resolve(options.node), major, {
      enforce: options.enforce,
      strict: options.strict,
      allow: options.allow.join(','),
      image: options.image === undefined ? undefined : resolve(options.image),
      bytecode: options.bytecode === undefined ? undefined : resolve(options.bytecode),
      nodeOptions,
      workerOptions,
      addon: addonName,
    });
    const copy = join(folder, addonName);
    copyFileSync(ownAddon(), copy);
    chmodSync(copy, EXECUTABLE_MODE);
    tryOut(executable, folder);
    for (const path of [executable, copy]) sync(path);
    renameSync(copy, addon);
    renameSync(executable, out);
    sync(dirname(out));
  } catch (error) {
    const { path, dest = path } = error as NodeJS.ErrnoException & { dest?: string };
    throw dest?.startsWith(`${folder}/`) === true ? aboutFile(out, error) : error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { path: out, addon, version };
}
