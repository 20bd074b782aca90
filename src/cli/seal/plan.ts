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
import type { TreePath } from '../tree/path.js';
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

/** A name of a file, and what the file may hold under it. */
export interface Name {
  path: TreePath;
  approved: ReadonlySet<string> | undefined;
}

/** A change to be made. */
export interface Planned extends Identity, Name {
  from: number;
  to: number;
  script: boolean;
  /** Further names of the file that were found in the tree. */
  otherNames: Name[];
}

export interface Plan {
  entries: Planned[];
  /** How many names needed no change. */
  already: number;
  refused: Refused[];
  /** Who owns the files: they can change them whatever their mode is. */
  owners: Set<number>;
}

/** Why a file must not become executable, whatever its name. Throws node:fs's errors. */
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
  // What is to be changed is read then, through the fd that it is changed by.
  if (approved === undefined || state.mode !== sealedMode(state.mode)) return undefined;
  return objectionToContent(sha256Of(fd), approved);
}

/** Whether a file may not hold this text under a name. */
export function objectionToContent(
  sha256: string,
  approved: ReadonlySet<string> | undefined,
): Refusal | undefined {
  if (approved === undefined || approved.has(sha256)) return undefined;
  return approved.size === 0 ? 'unknown' : 'replaced';
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
  const plan: Plan = { entries: [], already: 0, refused: [], owners: new Set() };
  /** By file: the change, and how many names the file has. */
  const changes = new Map<string, { entry: Planned; links: bigint }>();
  /** By file: how many of its names were met, those that need no change among them. */
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
      // A file of two names is changed once.
      change.entry.otherNames.push({ path, approved });
      plan.already++;
    }
  };

  for (const candidate of candidates) {
    const fd = openFile(root, candidate.path);
    if (fd === undefined) {
      // Gone since the walk, or since the audit: there is nothing to seal.
      if (candidate.required === true) plan.refused.push(refused(candidate.path, 'missing'));
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
    // A name that was not met may be anywhere, and be no code there.
    if (links === 1n || options.allowHardLinks || met.get(key) === links) plan.entries.push(entry);
    else {
      plan.already -= entry.otherNames.length;
      for (const { path } of [entry, ...entry.otherNames]) {
        plan.refused.push(refused(path, 'hard-link'));
      }
    }
  }
  // The same tree gives the same journal, whatever the order of its directories is.
  plan.entries.sort(byPath);
  return plan;
}
