import { spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

import { addon } from '../../addon.js';
import { launcherPath } from '../../launch/launcher.js';
import { hasExecveCheck, probe } from '../../probe.js';
import { getSecurebits } from '../../securebits.js';
import { UnsupportedError } from '../../errors.js';
import type { DenialReason } from '../../verdict.js';
import { readAuditLines, type AuditLine } from '../audit-lines.js';
import { packageFolder } from '../packages.js';
import { byPath, type Refused, type Unexamined } from './findings.js';
import { Refusals } from './refusals.js';

/** The program cannot be watched as asked; nothing was started. */
export class AuditError extends Error {
  readonly syscall = 'audit';
}

/** What a program loaded while nothing was enforced. */
export interface Audit {
  /** The current directory; what is beneath it is named relative to it. */
  root: string;
  command: readonly string[];
  /** How the program ended. */
  status: number | null;
  signal: NodeJS.Signals | null;
  /** How many files it loaded as code. */
  code: number;
  refused: Refused[];
  /** How often it ran code that comes from no file. */
  withoutFile: number;
  unexamined: Unexamined[];
  /** Verdicts that the log had no room for. */
  lost: number;
}

/** Variables by which the program would be held to a policy. */
const ENFORCING = ['MAYEXEC_ENFORCE', 'MAYEXEC_STRICT', 'MAYEXEC_STRICT_ALLOW'];

/** Throws when the program would be refused something, or nothing could be learnt of it. */
function mustBeFree(): void {
  if (!hasExecveCheck(addon()) && probe().mechanism === 'none') {
    throw new UnsupportedError(
      'kernel',
      'the kernel cannot be asked whether a file may be executed (mayexec probe says why)',
    );
  }
  const bits = getSecurebits();
  if (bits?.restrictFile === true || bits?.denyInteractive === true) {
    throw new AuditError(
      'the exec securebits are set here, so the program would be refused what it loads. Watch it where they are not set',
    );
  }
}

export interface AuditOptions {
  /** Where to keep the log. */
  log?: string | undefined;
  /** Whether standard output is for the findings alone: then the program's goes to standard error. */
  apart: boolean;
}

/**
 * Runs a program with the preload first and nothing enforced, waits for it, and
 * says what of all that it loaded, its Workers and children too, a policy would
 * refuse. The environment is the one that `mayexec run` gives it.
 *
 * Throws AuditError, UnsupportedError, and what launcherPath and spawn throw.
 */
export async function audit(
  command: readonly string[],
  { log, apart }: AuditOptions,
): Promise<Audit> {
  mustBeFree();
  const launcher = launcherPath();
  const folder = log === undefined ? mkdtempSync(join(tmpdir(), 'mayexec-scan-')) : undefined;
  try {
    const file = resolve(log ?? join(folder ?? '', 'audit.jsonl'));
    const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW } = constants;
    // Known to be writable before the program runs, and read by the same fd after it.
    const fd = openSync(file, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600);
    try {
      const before = fstatSync(fd).size;
      const env: NodeJS.ProcessEnv = { ...process.env, MAYEXEC_AUDIT_LOG: file };
      for (const name of ENFORCING) Reflect.deleteProperty(env, name);
      const ended = await run(launcher, command, env, apart);
      return { root: realpathSync('.'), command, ...ended, ...readLog(fd, before) };
    } finally {
      closeSync(fd);
    }
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  }
}

type Ended = Pick<Audit, 'status' | 'signal'>;

function run(
  launcher: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  apart: boolean,
): Promise<Ended> {
  const child = spawn(launcher, ['--unenforced', '--', ...command], {
    env,
    stdio: ['inherit', apart ? 2 : 'inherit', 'inherit'],
  });
  // From a terminal it reaches the program too, whose end is what is waited for.
  const ignore = (): void => undefined;
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', ignore).on('SIGTERM', pass).on('SIGHUP', pass);
  return new Promise<Ended>((done, fail) => {
    child.on('error', fail).on('exit', (status, signal) => {
      done({ status, signal });
    });
  }).finally(() => {
    process.off('SIGINT', ignore).off('SIGTERM', pass).off('SIGHUP', pass);
  });
}

/** What the log says from an offset on, the last word about each file. */
function readLog(
  fd: number,
  from: number,
): Pick<Audit, 'code' | 'refused' | 'withoutFile' | 'unexamined' | 'lost'> {
  const root = realpathSync('.');
  const files = new Map<string, AuditLine>();
  let withoutFile = 0;
  const lost = readAuditLines(fd, from, (line) => {
    if (line.path?.startsWith('/') !== true) withoutFile++;
    // JSON is data: only --strict refuses it.
    else if (!line.path.endsWith('.json')) files.set(line.path, line);
  });
  const refusals = new Refusals();
  const unexamined: Unexamined[] = [];
  const owner = ownerFinder();
  for (const [absolute, { allowed, reason, errno = 'EINVAL' }] of files) {
    const path = shown(root, absolute);
    if (allowed === null) unexamined.push({ path, errno });
    if (allowed !== false) continue;
    refusals.add(owner(dirname(absolute)), errno, reason as DenialReason, path);
  }
  return {
    code: files.size,
    refused: refusals.all(),
    withoutFile,
    unexamined: unexamined.sort(byPath),
    lost,
  };
}

function shown(root: string, absolute: string): string {
  const path = relative(root, absolute);
  return path.startsWith('../') ? absolute : path;
}

/** Whose files a directory holds, as packageOf says it of a tree that was walked. */
function ownerFinder(): (directory: string) => string {
  const known = new Map<string, string>();
  const nearest = (directory: string): string => {
    const before = known.get(directory);
    if (before !== undefined) return before;
    const above = dirname(directory);
    const name = nameIn(directory) ?? (above === directory ? '(no package)' : nearest(above));
    known.set(directory, name);
    return name;
  };
  return (directory) => packageFolder(directory) ?? nearest(directory);
}

function nameIn(directory: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
      name?: unknown;
    };
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}
