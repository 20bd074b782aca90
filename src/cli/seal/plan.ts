import { closeSync } from 'node:fs';

import { byPath } from '../report/findings.js';
import {
  errnoOf,
  keyOf,
  openFile,
  sha256Of,
  stateOf,
  type FileState,
  type Identity,
} from '../tree/file.js';
import { display, type TreePath } from '../tree/path.js';
import { startsAsScript } from '../tree/walk.js';
import type { Candidate } from './candidates.js';
import { sealedMode } from './journal.js';
import { refused, type Refusal, type Refused } from './refusal.js';

export interface SealOptions {
  /** Files that group or others may write. */
  allowWritable: boolean;
  /** Files with another name that was not found in the tree. */
  allowHardLinks: boolean;
}

/** A name of a file, and its approved hashes. */
export interface Name {
  path: TreePath;
  approved: ReadonlySet<string> | undefined;
}

/** A change to be made. */
export interface Planned extends Identity, Name {
  from: number;
  to: number;
  script: boolean;
  /** Other names of the file in the tree. */
  otherNames: Name[];
}

export interface Plan {
  entries: Planned[];
  /** How many names needed no change. */
  already: number;
  refused: Refused[];
  /** Candidates that are not there (any more). */
  missing: string[];
  /** The owners of the files. An owner can change a file whatever its mode is. */
  owners: Set<number>;
}

/** Why a file must not become executable under any name. Throws node:fs's errors. */
function objection(
  fd: number,
  state: FileState,
  { script, approved }: Candidate,
  { allowWritable }: SealOptions,
): Refusal | undefined {
  if (!state.regular) return 'not-regular';
  // With x it would run as its owner or group.
  if ((state.mode & 0o6000) !== 0) return 'setuid';
  if (script === true && !startsAsScript(fd)) return 'changed';
  if (!allowWritable && (state.mode & 0o022) !== 0) return 'writable';
  // A file that needs a change is read later, through the fd that changes its mode.
  if (approved === undefined || state.mode !== sealedMode(state.mode)) return undefined;
  return objectionToContent(sha256Of(fd), approved);
}

/** Why a file must not have this content under a name. */
export function objectionToContent(
  sha256: string,
  approved: ReadonlySet<string> | undefined,
): Refusal | undefined {
  if (approved === undefined || approved.has(sha256)) return undefined;
  return approved.size === 0 ? 'unknown' : 'replaced';
}

/**
 * The changes for sealing the candidates beneath a directory fd. It examines each file through an
 * fd that was opened without following a link or leaving the root. It changes nothing.
 */
export function planSeal(
  root: number,
  candidates: readonly Candidate[],
  options: SealOptions,
): Plan {
  const plan: Plan = { entries: [], already: 0, refused: [], missing: [], owners: new Set() };
  /** For each file: the change, and the number of its names. */
  const changes = new Map<string, { entry: Planned; links: bigint }>();
  /** For each file: how many of its names were found, with or without a change. */
  const met = new Map<string, bigint>();

  const consider = (candidate: Candidate, fd: number): void => {
    const { path, script = false, approved } = candidate;
    const state = stateOf(fd);
    const key = keyOf(state);
    met.set(key, (met.get(key) ?? 0n) + 1n);
    const against = objection(fd, state, candidate, options);
    const { dev, ino, mode: from, links } = state;
    const to = sealedMode(from);
    const change = changes.get(key);
    if (against === undefined) plan.owners.add(state.owner);
    if (against !== undefined) plan.refused.push(refused(path, against));
    else if (from === to) plan.already++;
    else if (change === undefined) {
      const entry = { path, dev, ino, from, to, approved, script, otherNames: [] };
      changes.set(key, { entry, links });
    } else {
      // A file with two names is changed once.
      change.entry.otherNames.push({ path, approved });
      plan.already++;
    }
  };

  for (const candidate of candidates) {
    const fd = openFile(root, candidate.path);
    if (fd === undefined) {
      // It disappeared after the walk or the audit, so there is nothing to seal.
      if (candidate.required === true) plan.refused.push(refused(candidate.path, 'missing'));
      else plan.missing.push(display(candidate.path));
      continue;
    }
    if (typeof fd === 'string') {
      plan.refused.push(refused(candidate.path, 'failed', fd));
      continue;
    }
    try {
      consider(candidate, fd);
    } catch (error) {
      plan.refused.push(refused(candidate.path, 'failed', errnoOf(error)));
    } finally {
      closeSync(fd);
    }
  }
  for (const [key, { entry, links }] of changes) {
    // A name that was not found may be anywhere, and may not be code there.
    if (links === 1n || options.allowHardLinks || met.get(key) === links) plan.entries.push(entry);
    else {
      plan.already -= entry.otherNames.length;
      for (const { path } of [entry, ...entry.otherNames]) {
        plan.refused.push(refused(path, 'hard-link'));
      }
    }
  }
  // Sort, so that the same tree gives the same journal in every order of directories.
  plan.entries.sort(byPath);
  return plan;
}
