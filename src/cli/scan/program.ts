import {
  closeSync,
  constants,
  fstatSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

import { addon } from '../../addon.js';
import { readRegularFile } from '../../image/regular-file.js';
import { launcherPath } from '../../launch/launcher.js';
import { actedBeforeWords, actedInNodeOptions } from '../../launch/own-start.js';
import { watchedBy } from '../../preload/settings.js';
import { GATES, type Gate } from '../../preload/guard/gates.js';
import { hasExecveCheck, probe } from '../../probe.js';
import { getSecurebits } from '../../securebits.js';
import { UnsupportedError } from '../../errors.js';
import type { DenialReason } from '../../verdict.js';
import { causeIn, type AuditLine } from '../audit-line.js';
import { meaningOf } from '../page/causes.js';
import { readAuditLog } from '../read-audit-log.js';
import { runToEnd } from '../run-to-end.js';
import { byPath, type Finding, type Unexamined } from '../report/findings.js';
import { nameOf, packageFolder } from '../tree/owner.js';
import { parseManifest } from '../tree/code.js';

/** The program cannot be watched in this way. Nothing was started. */
export class WatchError extends Error {
  readonly syscall = 'watch';
}

/** The files that a program loaded without a restriction. */
export interface Watched {
  /** The current directory. Paths beneath it are relative. */
  root: string;
  command: readonly string[];
  /** How the program ended. */
  status: number | null;
  signal: NodeJS.Signals | null;
  /** How many files it loaded as code. */
  code: number;
  refused: Finding[];
  /** The gates of `mayexec run --strict` that it used, if requested. */
  gates?: Gate[];
  /** Options of Node that a policy would refuse. */
  options: string[];
  /** Why a policy would refuse a start without a refused option, or code that it cannot check. */
  starts: string[];
  /** The variables that `mayexec run` removes. */
  leftOut: string[];
  /** How often it ran code without a file. */
  withoutFile: number;
  unexamined: Unexamined[];
  /** Verdicts that did not fit into the log. */
  lost: number;
}

/** Throws when a policy is in force, or when no check can be made. */
function mustBeFree(): void {
  if (!hasExecveCheck(addon()) && probe().mechanism === 'none') {
    throw new UnsupportedError(
      'kernel',
      'the kernel cannot check whether a file may be executed (mayexec probe says why)',
    );
  }
  const bits = getSecurebits();
  if (bits?.restrictFile === true || bits?.denyInteractive === true) {
    throw new WatchError(
      'the exec securebits are set here and could refuse files of the program. Run the scan where they are not set',
    );
  }
}

export interface WatchOptions {
  /** Whether to find out the gates that the program needs. */
  strict: boolean;
  /** Where to keep the log. */
  log?: string | undefined;
  /**
   * Whether the program's output goes to standard error, because the findings go to standard
   * output.
   */
  apart: boolean;
}

/**
 * Runs a program with the preload and without a restriction, and waits for it. Returns the loaded
 * files that a policy would refuse, and the variables that it would remove. The files are those of
 * the program, its Workers and its children.
 *
 * Throws WatchError, UnsupportedError, and the errors of launcherPath and spawn.
 */
export async function runAndWatch(
  command: readonly string[],
  { strict, log, apart }: WatchOptions,
): Promise<Watched> {
  mustBeFree();
  const launcher = launcherPath();
  const folder = log === undefined ? mkdtempSync(join(tmpdir(), 'mayexec-scan-')) : undefined;
  try {
    const file = resolve(log ?? join(folder ?? '', 'audit.jsonl'));
    const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW } = constants;
    // Open it before the program runs, so that an error comes first.
    const fd = openSync(file, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600);
    try {
      const size = fstatSync(fd).size;
      const env = watchedBy(file, process.env, strict);
      // The program will be started in this environment.
      const before = actedBeforeWords(actedInNodeOptions(), launcher);
      const ended = await runToEnd(launcher, ['--audit', ...before, '--', ...command], {
        env,
        stdio: ['inherit', apart ? 2 : 'inherit', 'inherit'],
      });
      return { root: realpathSync('.'), command, ...ended, ...readLog(fd, size, strict) };
    } finally {
      closeSync(fd);
    }
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  }
}

/** A file that was refused once stays refused. */
function noteVerdict(files: Map<string, AuditLine>, path: string, line: AuditLine): void {
  const before = files.get(path);
  if (before === undefined || before.allowed === true || line.allowed === false)
    files.set(path, line);
}

/** Reads the log from an offset on. */
function readLog(
  fd: number,
  from: number,
  strict: boolean,
): Pick<
  Watched,
  | 'code'
  | 'gates'
  | 'options'
  | 'starts'
  | 'leftOut'
  | 'refused'
  | 'withoutFile'
  | 'unexamined'
  | 'lost'
> {
  const root = realpathSync('.');
  const files = new Map<string, AuditLine>();
  const used = new Set<string>();
  const options = new Set<string>();
  const starts = new Set<string>();
  const leftOut = new Set<string>();
  let withoutFile = 0;
  const lost = readAuditLog(fd, from, (line) => {
    const { gate, variable, option, operation, path, why, reason } = line;
    const wouldDeny = line.wouldDeny !== false;
    if (gate !== undefined) used.add(gate);
    else if (variable !== undefined) leftOut.add(`${variable} ${option ?? ''}`.trimEnd());
    else if (option !== undefined) options.add(option);
    else if (operation === 'start') starts.add(why ?? path ?? 'a start');
    else if (path?.startsWith('/') !== true) withoutFile += wouldDeny ? 1 : 0;
    else if (why !== undefined && wouldDeny) starts.add(`${shown(root, path)}: ${why}`);
    // Only --strict refuses data.
    else if (path.endsWith('.json') || (line.allowed !== true && !wouldDeny)) return;
    // It is not the file that fails its check: the text is of no file, or cannot be opened.
    else if (line.allowed === false && reason === undefined)
      starts.add(`${shown(root, path)}: ${meaningOf(causeIn(line))}`);
    else noteVerdict(files, path, line);
  });
  const refused: Finding[] = [];
  const unexamined: Unexamined[] = [];
  const owner = ownerFinder();
  for (const [absolute, { allowed, reason, errno = 'EINVAL' }] of files) {
    const path = shown(root, absolute);
    if (allowed === null) unexamined.push({ path, errno });
    if (allowed !== false) continue;
    refused.push({
      path,
      package: owner(dirname(absolute)),
      reason: reason as DenialReason,
      errno,
    });
  }
  return {
    code: files.size,
    ...(strict ? { gates: GATES.filter((gate) => used.has(gate)) } : {}),
    refused,
    options: [...options].sort(),
    starts: [...starts],
    leftOut: [...leftOut],
    withoutFile,
    unexamined: unexamined.sort(byPath),
    lost,
  };
}

function shown(root: string, absolute: string): string {
  const path = relative(root, absolute);
  return path.startsWith('../') ? absolute : path;
}

/** Returns a function that finds the package of a directory, as packageOf does in a walked tree. */
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
    return nameOf(parseManifest(readRegularFile(join(directory, 'package.json')).toString()));
  } catch {
    return undefined;
  }
}
