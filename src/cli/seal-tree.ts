import { closeSync, fchmodSync, fstatSync, readSync, type BigIntStats } from 'node:fs';
import { posix } from 'node:path';

import { addon, type Addon } from '../addon.js';
import { constants } from '../constants.js';
import { describeErrno, ENOENT } from '../errno.js';
import { sealedMode, type Entry, type Journal } from './journal.js';
import { isCodeName, isNodeScript } from './packages.js';
import { display, type TreePath } from './tree-records.js';
import { INSIDE, type Listing } from './tree.js';

/** Why a file was left as it is. */
export type Refusal =
  'writable' | 'setuid' | 'hard-link' | 'not-regular' | 'replaced' | 'changed' | 'failed';

export interface Refused {
  path: string;
  refusal: Refusal;
  /** The errno's name, for `failed`. */
  errno?: string;
}

export interface SealOptions {
  /** Files that group or others may write. */
  allowWritable: boolean;
  /** Files with another name that was not found in the tree. */
  allowHardLinks: boolean;
}

/** A file that is to be sealed, and which one it was when that was recorded. */
export interface Candidate {
  path: TreePath;
  identity?: { dev: string; ino: string };
  /** Whether its "#!" line is what makes it code, and has to be there when it is sealed. */
  script?: boolean;
}

/** A change to be made. */
interface Planned extends Entry {
  script: boolean;
}

export interface Plan {
  entries: Planned[];
  /** How many needed no change. */
  already: number;
  refused: Refused[];
}

/** Small enough for any limit of open files. */
const BATCH = 128;

/** Not O_PATH, which fchmod(2) refuses. */
const FLAGS = BigInt(
  constants.O_RDONLY | constants.O_CLOEXEC | constants.O_NONBLOCK | constants.O_NOCTTY,
);

function open(native: Addon, root: number, path: TreePath): number {
  return native.openat2Sync(root, path, FLAGS, 0n, INSIDE);
}

const modeOf = (stat: BigIntStats): number => Number(stat.mode & 0o7777n);

const isSame = (stat: BigIntStats, { dev, ino }: { dev: string; ino: string }): boolean =>
  stat.dev === BigInt(dev) && stat.ino === BigInt(ino);

function startsAsScript(fd: number): boolean {
  const start = Buffer.alloc(256);
  const length = readSync(fd, start, 0, start.length, 0);
  return isNodeScript(start.toString('latin1', 0, length));
}

/** Why a file must not become executable, whatever its name. */
function objection(fd: number, stat: BigIntStats, candidate: Candidate): Refusal | undefined {
  if (!stat.isFile()) return 'not-regular';
  if (candidate.identity !== undefined && !isSame(stat, candidate.identity)) return 'replaced';
  // With x it would run as its owner or group.
  if ((stat.mode & 0o6000n) !== 0n) return 'setuid';
  if (candidate.script === true && !startsAsScript(fd)) return 'changed';
  return undefined;
}

/**
 * What sealing the candidates beneath a directory fd would change. Looks at each
 * file through an fd that was opened without following a link or leaving the
 * root, and changes nothing.
 */
export function planSeal(
  root: number,
  candidates: readonly Candidate[],
  options: SealOptions,
): Plan {
  const native = addon();
  const plan: Plan = { entries: [], already: 0, refused: [] };
  const linked: { entry: Planned; key: string; links: bigint }[] = [];
  const names = new Map<string, bigint>();
  const planned = new Set<string>();
  const add = (key: string, entry: Planned): void => {
    // A file of two names is changed once.
    if (planned.has(key)) plan.already++;
    else plan.entries.push(entry);
    planned.add(key);
  };

  for (const candidate of candidates) {
    const { path } = candidate;
    const refuse = (refusal: Refusal, errno?: string): void => {
      plan.refused.push({ path: display(path), refusal, ...(errno ? { errno } : {}) });
    };
    const fd = open(native, root, path);
    if (fd < 0) {
      // Gone since the walk, or since the audit: there is nothing to seal.
      if (fd !== ENOENT) refuse('failed', describeErrno(fd).code);
      continue;
    }
    try {
      const stat = fstatSync(fd, { bigint: true });
      const key = `${stat.dev}:${stat.ino}`;
      if (stat.nlink > 1n) names.set(key, (names.get(key) ?? 0n) + 1n);
      const from = modeOf(stat);
      const to = sealedMode(from);
      const against = objection(fd, stat, candidate);
      if (against !== undefined) refuse(against);
      else if (!options.allowWritable && (from & 0o022) !== 0) refuse('writable');
      else if (from === to) plan.already++;
      else {
        const { script = false } = candidate;
        const entry = { path, dev: String(stat.dev), ino: String(stat.ino), from, to, script };
        if (stat.nlink > 1n && !options.allowHardLinks) {
          linked.push({ entry, key, links: stat.nlink });
        } else {
          add(key, entry);
        }
      }
    } finally {
      closeSync(fd);
    }
  }
  // A name that was not met may be anywhere, and be no code there.
  for (const { entry, key, links } of linked) {
    if (names.get(key) === links) add(key, entry);
    else plan.refused.push({ path: display(entry.path), refusal: 'hard-link' });
  }
  return plan;
}

/**
 * Makes the planned changes: each batch is in the journal, on the disk, before
 * the first mode of it changes. A file that is not the planned one any more, or
 * has another mode, is left alone. Yields after each batch how many entries are
 * done, and how many files it has sealed.
 */
export function* applySeal(
  root: number,
  plan: Plan,
  journal: Journal,
): Generator<{ done: number; sealed: number }> {
  const native = addon();
  for (let at = 0; at < plan.entries.length; at += BATCH) {
    const batch = plan.entries.slice(at, at + BATCH);
    const sealed = sealBatch(native, root, plan, batch, journal);
    yield { done: at + batch.length, sealed };
  }
}

function sealBatch(
  native: Addon,
  root: number,
  plan: Plan,
  batch: readonly Planned[],
  journal: Journal,
): number {
  const opened: { fd: number; entry: Planned }[] = [];
  let sealed = 0;
  try {
    for (const entry of batch) {
      const fd = open(native, root, entry.path);
      if (fd >= 0) opened.push({ fd, entry });
      else if (fd !== ENOENT) fail(plan, entry, 'failed', describeErrno(fd).code);
    }
    const unchanged = opened.filter(({ fd, entry }) => {
      const same = isAsPlanned(fd, entry) && (!entry.script || startsAsScript(fd));
      if (!same) fail(plan, entry, 'changed');
      return same;
    });
    if (unchanged.length > 0) journal.append(unchanged.map(({ entry }) => entry));
    for (const { fd, entry } of unchanged) {
      // Writing the journal took a while.
      if (!isAsPlanned(fd, entry)) {
        fail(plan, entry, 'changed');
        continue;
      }
      try {
        fchmodSync(fd, entry.to);
        sealed++;
      } catch (error) {
        fail(plan, entry, 'failed', (error as NodeJS.ErrnoException).code);
      }
    }
    return sealed;
  } finally {
    for (const { fd } of opened) closeSync(fd);
  }
}

function isAsPlanned(fd: number, entry: Entry): boolean {
  const stat = fstatSync(fd, { bigint: true });
  return stat.isFile() && isSame(stat, entry) && modeOf(stat) === entry.from;
}

function fail(plan: Plan, { path }: Entry, refusal: Refusal, errno?: string): void {
  plan.refused.push({ path: display(path), refusal, ...(errno ? { errno } : {}) });
}

export interface Undone {
  restored: number;
  /** Had their old mode: never changed, or restored before. */
  already: number;
  /** Are not there any more, or are another file now. */
  gone: string[];
  /** Have a mode that seal never gave them, and keep it. */
  refused: Refused[];
}

/**
 * Gives each file in the journal the mode that it had, if it still is that file
 * with the sealed mode. With `dryRun` it only says so.
 */
export function undoSeal(root: number, entries: readonly Entry[], dryRun: boolean): Undone {
  const native = addon();
  const undone: Undone = { restored: 0, already: 0, gone: [], refused: [] };
  const refuse = (entry: Entry, refusal: Refusal, errno?: string): void => {
    undone.refused.push({ path: display(entry.path), refusal, ...(errno ? { errno } : {}) });
  };
  // Backwards, for a file that was sealed more than once.
  for (const entry of [...entries].reverse()) {
    const fd = open(native, root, entry.path);
    if (fd < 0) {
      if (fd === ENOENT) undone.gone.push(display(entry.path));
      else refuse(entry, 'failed', describeErrno(fd).code);
      continue;
    }
    try {
      const stat = fstatSync(fd, { bigint: true });
      const mode = modeOf(stat);
      if (!stat.isFile() || !isSame(stat, entry)) undone.gone.push(display(entry.path));
      else if (mode === entry.from) undone.already++;
      else if (mode !== entry.to) refuse(entry, 'changed');
      else {
        if (!dryRun) fchmodSync(fd, entry.from);
        undone.restored++;
      }
    } catch (error) {
      refuse(entry, 'failed', (error as NodeJS.ErrnoException).code);
    } finally {
      closeSync(fd);
    }
  }
  return undone;
}

/**
 * The files beneath `root` that an audit log names (JSON lines with `path`, and
 * `dev` and `ino`). Lines that are no record, such as one cut off at the end, and
 * paths outside are passed over.
 */
export function candidatesFromAudit(log: string, root: string): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const line of log.split('\n')) {
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      continue;
    }
    if (typeof record !== 'object' || record === null) continue;
    const { path: absolute, dev, ino } = record as Record<string, unknown>;
    if (typeof absolute !== 'string' || !posix.isAbsolute(absolute)) continue;
    const path = posix.relative(root, posix.normalize(absolute));
    if (path === '' || path === '..' || path.startsWith('../') || path.includes('\0')) continue;
    if (path.endsWith('.json')) continue;
    const identity = isDecimal(dev) && isDecimal(ino) ? { identity: { dev, ino } } : {};
    // The last word about a path is about the file that is there now.
    found.set(path, { path, ...identity });
  }
  return [...found.values()];
}

function isDecimal(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,20}$/.test(value);
}

/** The files of a listing. A name that does not say so has to prove to be code when it is sealed. */
export function candidatesFromListing({ paths, targets }: Listing): Candidate[] {
  return [
    ...paths.map((path) => ({ path, script: !isCodeName(posix.basename(display(path))) })),
    ...targets.map((path) => ({ path })),
  ];
}
