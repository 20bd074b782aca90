import { closeSync, fchmodSync } from 'node:fs';

import { errnoOf, openFile, sha256Of, stateOf } from '../tree/file.js';
import { display, join, type TreePath } from '../tree/path.js';
import { TO_READ } from '../tree/open.js';
import { Walk } from '../tree/walk.js';
import type { Entry } from './journal.js';
import { refused, type Refused } from './refusal.js';

const EXECUTE = 0o111;

export interface Undone {
  restored: number;
  /** Files with their old mode: never changed, or restored before. */
  already: number;
  /** Files that are missing or were replaced. */
  gone: string[];
  /** Files that keep an x that seal may have given. */
  refused: Refused[];
}

/**
 * Restores the old mode of each file in the journal, if it still has the same content and the
 * sealed mode. `refused` has the files that keep an x that seal may have given. With `dryRun` it
 * changes nothing.
 */
export async function undoSeal(
  root: number,
  title: string,
  entries: readonly Entry[],
  dryRun: boolean,
): Promise<Undone> {
  const undone: Undone = { restored: 0, already: 0, gone: [], refused: [] };
  /** By their hashes. */
  const missing = new Map<string, Entry>();
  const another = new Map<TreePath, Refused>();
  const found = new Set<TreePath>();
  const gone = new Set<TreePath>();

  const restore = (entry: Entry, fd: number): void => {
    const state = stateOf(fd);
    const { path, from, to } = entry;
    if (!state.regular || sha256Of(fd) !== entry.sha256) {
      // A later line of the journal is about a newer file with this name.
      if (found.has(path)) return;
      miss(entry);
      if (gains(state.mode, entry)) another.set(path, refused(path, 'another-file'));
      return;
    }
    found.add(path);
    // After a roll back the newer lines are about what was there in between.
    gone.delete(path);
    another.delete(path);
    if (state.mode === from) undone.already++;
    else if (state.mode !== to) undone.refused.push(refused(path, 'changed'));
    else {
      if (!dryRun) fchmodSync(fd, from);
      if (!dryRun && stateOf(fd).mode !== from) undone.refused.push(refused(path, 'changed'));
      else undone.restored++;
    }
  };
  const miss = (entry: Entry): void => {
    gone.add(entry.path);
    missing.set(entry.sha256, entry);
  };

  // Backwards, for a file that was sealed more than once.
  for (const entry of [...entries].reverse()) {
    const fd = openFile(root, entry.path);
    if (fd === undefined) miss(entry);
    else if (typeof fd === 'string') undone.refused.push(refused(entry.path, 'failed', fd));
    else {
      try {
        restore(entry, fd);
      } catch (error) {
        undone.refused.push(refused(entry.path, 'failed', errnoOf(error)));
      } finally {
        closeSync(fd);
      }
    }
  }
  if (missing.size > 0) {
    for (const path of await findMoved(root, title, missing, found))
      another.set(path, refused(path, 'moved'));
  }
  undone.gone = [...gone].map(display);
  undone.refused = undone.refused.concat([...another.values()]);
  return undone;
}

/** Whether a mode has an x that seal gave. */
function gains(mode: number, { from, to }: Entry): boolean {
  return (mode & to & ~from & EXECUTE) !== 0;
}

/** The places in the tree where the content of missing files is now, with x. */
async function findMoved(
  root: number,
  title: string,
  missing: ReadonlyMap<string, Entry>,
  found: ReadonlySet<TreePath>,
): Promise<TreePath[]> {
  const moved: TreePath[] = [];
  const walk = new Walk(root, 'every file');
  await walk.run(title, (directory, names) => {
    for (const name of names) {
      const path = join(directory.path, name);
      const fd = found.has(path) ? undefined : walk.open(directory, name, TO_READ);
      if (fd === undefined) continue;
      try {
        const { mode, regular } = stateOf(fd);
        // Reading every file would take too long.
        if (!regular || (mode & EXECUTE) === 0) continue;
        const entry = missing.get(sha256Of(fd));
        if (entry !== undefined && gains(mode, entry)) moved.push(path);
      } catch (error) {
        walk.fail(path, errnoOf(error));
      } finally {
        closeSync(fd);
      }
    }
    closeSync(directory.fd);
    return undefined;
  });
  return moved;
}
