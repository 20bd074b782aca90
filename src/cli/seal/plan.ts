import { closeSync } from 'node:fs';

import type { TreePath } from '../tree/path.js';
import { startsAsScript } from '../tree/walk.js';
import type { Candidate } from './candidates.js';
import {
  errnoOf,
  keyOf,
  openFile,
  refused,
  sha256Of,
  stateOf,
  type FileState,
  type Identity,
  type Refusal,
  type Refused,
} from './file.js';
import { sealedMode } from './journal.js';

export interface SealOptions {
  /** Files that group or others may write. */
  allowWritable: boolean;
  /** Files with another name that was not found in the tree. */
  allowHardLinks: boolean;
}

/** A change to be made. */
export interface Planned extends Identity {
  path: TreePath;
  from: number;
  to: number;
  approved: ReadonlySet<string> | undefined;
  script: boolean;
  /** Further names of the file that were found in the tree. */
  otherNames: TreePath[];
}

export interface Plan {
  entries: Planned[];
  /** How many names needed no change. */
  already: number;
  refused: Refused[];
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
  return approved === undefined ? undefined : objectionToContent(sha256Of(fd), approved);
}

export function objectionToContent(
  sha256: string,
  approved: ReadonlySet<string>,
): Refusal | undefined {
  if (approved.has(sha256)) return undefined;
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
  const plan: Plan = { entries: [], already: 0, refused: [] };
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
    if (against !== undefined) plan.refused.push(refused(path, against));
    else if (from === to) plan.already++;
    else if (change === undefined) {
      const entry = { path, dev, ino, from, to, approved, script, otherNames: [] };
      changes.set(key, { entry, links });
    } else {
      // A file of two names is changed once.
      change.entry.otherNames.push(path);
      plan.already++;
    }
  };

  for (const candidate of candidates) {
    const fd = openFile(root, candidate.path);
    // Gone since the walk, or since the audit: there is nothing to seal.
    if (fd === undefined) continue;
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
      for (const path of [entry.path, ...entry.otherNames]) {
        plan.refused.push(refused(path, 'hard-link'));
      }
    }
  }
  return plan;
}
