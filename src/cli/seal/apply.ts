import { closeSync, fchmodSync } from 'node:fs';

import type { TreePath } from '../tree/path.js';
import { startsAsScript } from '../tree/walk.js';
import { errnoOf, isSame, openFile, refused, stateOf, type FileState } from './file.js';
import type { Entry, Journal } from './journal.js';
import type { Plan, Planned } from './plan.js';

/** Small enough for any limit of open files. */
const BATCH = 128;

/**
 * Makes the planned changes: each batch is in the journal, on the disk, before the
 * first mode of it changes. A file that is not the planned one any more, or has
 * another mode, is left alone. Yields after each batch how many entries are done,
 * and how many files it has sealed.
 */
export function* applySeal(
  root: number,
  plan: Plan,
  journal: Journal,
): Generator<{ done: number; sealed: number }> {
  for (let at = 0; at < plan.entries.length; at += BATCH) {
    const batch = plan.entries.slice(at, at + BATCH);
    yield { done: at + batch.length, sealed: new Batch(root, plan, journal).seal(batch) };
  }
}

class Batch {
  readonly #root: number;
  readonly #plan: Plan;
  readonly #journal: Journal;
  /** What is to be written down after the changes: files that became others by them. */
  readonly #became: Entry[] = [];
  /** Names that had to be sealed on their own. */
  readonly #parted: Planned[] = [];

  constructor(root: number, plan: Plan, journal: Journal) {
    this.#root = root;
    this.#plan = plan;
    this.#journal = journal;
  }

  /** How many files were sealed. */
  seal(batch: readonly Planned[]): number {
    const opened: { fd: number; entry: Planned }[] = [];
    let sealed = 0;
    try {
      for (const entry of batch) {
        const fd = openFile(this.#root, entry.path);
        if (typeof fd === 'number') opened.push({ fd, entry });
        else if (fd !== undefined) this.#plan.refused.push(refused(entry.path, 'failed', fd));
      }
      const unchanged = opened.filter(({ fd, entry }) => this.#isUnchanged(fd, entry));
      if (unchanged.length > 0) {
        this.#journal.append(unchanged.flatMap(({ entry }) => namesOf(entry)));
      }
      for (const { fd, entry } of unchanged) {
        if (this.#change(fd, entry)) sealed++;
      }
    } finally {
      for (const { fd } of opened) closeSync(fd);
    }
    if (this.#became.length > 0) this.#journal.append(this.#became);
    if (this.#parted.length === 0) return sealed;
    return sealed + new Batch(this.#root, this.#plan, this.#journal).seal(this.#parted);
  }

  #isUnchanged(fd: number, entry: Planned): boolean {
    try {
      const state = stateOf(fd);
      if (isAsPlanned(state, entry) && (!entry.script || startsAsScript(fd))) return true;
      // Somebody else has sealed it.
      if (isSame(state, entry) && state.mode === entry.to) this.#plan.already++;
      else this.#plan.refused.push(refused(entry.path, 'changed'));
    } catch (error) {
      this.#plan.refused.push(refused(entry.path, 'failed', errnoOf(error)));
    }
    return false;
  }

  #change(fd: number, entry: Planned): boolean {
    try {
      // Writing the journal took a while.
      if (!isAsPlanned(stateOf(fd), entry)) {
        this.#plan.refused.push(refused(entry.path, 'changed'));
        return false;
      }
      fchmodSync(fd, entry.to);
      this.#lookAgain(stateOf(fd), entry);
      return true;
    } catch (error) {
      this.#plan.refused.push(refused(entry.path, 'failed', errnoOf(error)));
      return false;
    }
  }

  /**
   * On overlayfs a change copies the file up from the layer below: it becomes another
   * file, and its other names stay with the old one, without x.
   */
  #lookAgain(now: FileState, entry: Planned): void {
    const { path, from, to } = entry;
    if (now.mode !== to) this.#plan.refused.push(refused(path, 'changed'));
    if (isSame(now, entry)) return;
    const { dev, ino } = now;
    this.#became.push({ path, dev, ino, from, to });
    for (const name of entry.otherNames) {
      this.#parted.push({ ...entry, path: name, otherNames: [] });
      // It was counted as needing no change of its own.
      this.#plan.already--;
    }
  }
}

/** What the journal says of a change: a line for each name, since each may become another file. */
function namesOf({ path, otherNames, dev, ino, from, to }: Planned): Entry[] {
  return [path, ...otherNames].map((name: TreePath) => ({ path: name, dev, ino, from, to }));
}

function isAsPlanned(state: FileState, entry: Entry): boolean {
  return state.regular && isSame(state, entry) && state.mode === entry.from;
}
