import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';

import { addon } from '../addon.js';
import { describeErrno, EACCES, ENOENT } from '../errno.js';
import { syscallError } from '../errors.js';
import { restrictExec } from '../restrict-exec.js';
import { setSecurebits, type Securebits } from '../securebits.js';
import { auditTarget } from '../preload/audit-target.js';
import { LOADS_CODE } from '../preload/inherit/before-preload.js';
import type { Gate } from '../preload/guard/gates.js';
import { elfInterpreter } from './elf-interpreter.js';
import {
  parseOptions,
  quoteOption,
  splitNodeOptions,
  withPreload,
} from '../preload/inherit/preload-option.js';
import { refused } from '../preload/refused.js';

export interface LaunchOptions {
  /** The program and its arguments: `['node', 'app.js']`. */
  command: readonly string[];
  /** Default: this process's. */
  env?: NodeJS.ProcessEnv;
  /** Lock the securebits, so that nothing below can clear them. */
  lock?: boolean;
  /** Refuse what turns data and strings into code, too. */
  strict?: boolean;
  /** The gates that `strict` leaves open. */
  allow?: readonly Gate[];
  /** Where verdicts are written: `syslog`, `journal` or a file. Default: where the environment says. */
  auditLog?: string;
}

/** What will be executed, and how. */
export interface Launch {
  readonly file: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly securebits: Partial<Securebits>;
  /** What the environment held that brings in code before the preload, by name. */
  readonly removed: readonly string[];
}

/** What `mayexec run` takes out of the environment; NODE_CHANNEL_FD names an fd that is closed on exec. */
const REMOVED: readonly string[] = [...LOADS_CODE, 'NODE_CHANNEL_FD'];

/** Node's options that run code, or read options, before the preload or beside it. */
const RUNS_CODE = [
  '--require',
  '--import',
  '--experimental-loader',
  '--snapshot-blob',
  '--build-snapshot',
  '--build-snapshot-config',
  '--build-sea',
  '--experimental-sea-config',
  '--openssl-config',
  '--env-file',
  '--env-file-if-exists',
  '--experimental-config-file',
  '--experimental-default-config-file',
  '--config-file',
];
/** Of these, the ones whose value is never a word of its own. */
const WITHOUT_VALUE = ['--build-snapshot', '--experimental-default-config-file'];

/** On the command line a --require is checked like any other file: the preload comes first. */
const REFUSED_AS_ARGUMENT = RUNS_CODE.filter((name) => name !== '--require' && name !== '--import');
/** Options of Node whose value may be the next word. */
const TAKES_WORD = [
  '--eval',
  '-e',
  '--print',
  '-p',
  '-pe',
  '--conditions',
  '-C',
  '--input-type',
  ...RUNS_CODE,
];

/** NODE_OPTIONS without what runs code, and the names of what was left out. */
function cleanNodeOptions(nodeOptions: string): { kept: string[]; removed: string[] } {
  const words = splitNodeOptions(nodeOptions);
  const kept: string[] = [];
  const removed: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const name = parseOptions([word])[0]?.name ?? '';
    if (!RUNS_CODE.includes(name)) {
      kept.push(word);
      continue;
    }
    removed.push(`NODE_OPTIONS ${name}`);
    if (!word.includes('=') && !WITHOUT_VALUE.includes(name)) i++;
  }
  return { kept, removed };
}

/** Node's own options on a command line: those before the script. */
function ownOptions(args: readonly string[]): string[] {
  const own: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    if (!word.startsWith('-') || word === '-' || word === '--') break;
    own.push(word);
    const name = parseOptions([word])[0]?.name ?? '';
    if (!word.includes('=') && TAKES_WORD.includes(name) && !WITHOUT_VALUE.includes(name)) i++;
  }
  return own;
}

function isNode(file: string): boolean {
  return /^node(js)?(-?\d+)?$/.test(basename(file));
}

/**
 * Works out how to start a program under the exec securebits with the preload
 * first. Pure: nothing is looked up and nothing is changed.
 *
 * Throws TypeError without a command, and ExecDeniedError for a Node option by
 * which code would run before the preload.
 */
export function planLaunch({
  command,
  env = process.env,
  lock,
  strict,
  allow,
  auditLog,
}: LaunchOptions): Launch {
  const [file, ...args] = command;
  if (file === undefined || file === '') throw new TypeError('There is no command to run');
  if (isNode(file)) {
    for (const { name } of parseOptions(ownOptions(args))) {
      if (REFUSED_AS_ARGUMENT.includes(name)) {
        throw refused(`the option ${name} brings in code, or options, that nobody checks`);
      }
    }
  }
  const clean: Record<string, string> = {};
  const removed: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    if (REMOVED.includes(name)) removed.push(name);
    else clean[name] = value;
  }
  const nodeOptions = cleanNodeOptions(clean['NODE_OPTIONS'] ?? '');
  removed.push(...nodeOptions.removed);
  const { kept } = nodeOptions;
  if (strict === true) {
    clean['MAYEXEC_STRICT'] = '1';
    clean['MAYEXEC_STRICT_ALLOW'] = (allow ?? []).join(',');
  }
  if (auditLog !== undefined) clean['MAYEXEC_AUDIT_LOG'] = auditTarget(auditLog);
  clean['NODE_OPTIONS'] = withPreload(
    kept.map(quoteOption).join(' '),
    strict === true && allow?.includes('eval') !== true,
  );
  return {
    file,
    argv: command,
    env: clean,
    securebits: {
      restrictFile: true,
      denyInteractive: true,
      ...(lock === true ? { restrictFileLocked: true, denyInteractiveLocked: true } : {}),
    },
    removed,
  };
}

/** Where execvp(3) would look. */
function candidates(file: string, path: string): string[] {
  if (file.includes('/')) return [file];
  return path.split(delimiter).map((folder) => join(folder === '' ? '.' : folder, file));
}

/** The file that will be executed, if it is there. */
function executableOf(plan: Launch): string | undefined {
  return candidates(plan.file, plan.env['PATH'] ?? '/usr/bin:/bin').find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  });
}

/**
 * Restricts execution to these files and directories, for this thread and the
 * program that it is going to become. That program's own file and its dynamic
 * loader are allowed with them, and nothing else. Throws what restrictExec throws.
 */
export function confine(plan: Launch, allow: readonly string[]): void {
  const own = executableOf(plan);
  const loader = own === undefined ? undefined : elfInterpreter(own);
  restrictExec({ allow: [...allow, own, loader].filter((path) => path !== undefined) });
}

/**
 * Sets the securebits of this thread and becomes the program: returns never, or
 * throws NotFoundError or PermissionError when there is no such program, and
 * what setSecurebits throws. Call it on the main thread, before anything that
 * listens to a signal matters. prctl(2), execve(2).
 */
export function launch(plan: Launch): never {
  const native = addon();
  setSecurebits(plan.securebits);
  const envp = Object.entries(plan.env).map(([name, value]) => `${name}=${value}`);
  let failure = ENOENT;
  for (const file of candidates(plan.file, plan.env['PATH'] ?? '/usr/bin:/bin')) {
    const errno = native.execute(file, plan.argv, envp);
    if (errno !== ENOENT && describeErrno(errno).code !== 'ENOTDIR') failure = errno;
    if (errno !== ENOENT && errno !== EACCES && describeErrno(errno).code !== 'ENOTDIR') break;
  }
  throw syscallError(failure, 'execve', { path: plan.file });
}
