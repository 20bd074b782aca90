import { closeSync, fchmodSync } from 'node:fs';

import { errnoOf, isSame, openFile, sha256Of, stateOf, type FileState } from '../tree/file.js';
import { startsAsScript } from '../tree/walk.js';
import type { Entry, Journal } from './journal.js';
import { objectionToContent, type Plan, type Planned } from './plan.js';
import { refused } from './refusal.js';

/** Small enough for any limit of open files. */
const BATCH = 128;

/**
 * Makes the planned changes. Each batch is in the journal on the disk before its first mode
 * changes. A file that was replaced, has another mode or has an unapproved content stays unchanged.
 * A dry run changes nothing. Yields after each batch the number of finished entries and of sealed
 * files.
 */
export function* applySeal(
  root: number,
  plan: Plan,
  how: How,
): Generator<{ done: number; sealed: number }> {
  for (let at = 0; at < plan.entries.length; at += BATCH) {
    const batch = plan.entries.slice(at, at + BATCH);
    yield { done: at + batch.length, sealed: new Batch(root, plan, how).seal(batch) };
  }
}

interface How {
  /** Undefined with --no-journal. */
  journal: Journal | undefined;
  dryRun: boolean;
}

/** An open file that is still the planned one, with its hash. */
interface Examined {
  readonly fd: number;
  readonly entry: Planned;
  readonly sha256: string;
  readonly version: string;
}

class Batch {
  readonly #root: number;
  readonly #plan: Plan;
  readonly #how: How;
  /** Names that must be sealed separately. */
  readonly #parted: Planned[] = [];

  constructor(root: number, plan: Plan, how: How) {
    this.#root = root;
    this.#plan = plan;
    this.#how = how;
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
      const unchanged = opened.flatMap(({ fd, entry }) => this.#examine(fd, entry) ?? []);
      if (this.#how.dryRun) return 0;
      if (unchanged.length > 0) this.#how.journal?.append(unchanged.flatMap(namesOf));
      for (const examined of unchanged) {
        if (this.#change(examined)) sealed++;
      }
    } finally {
      for (const { fd } of opened) closeSync(fd);
    }
    if (this.#parted.length === 0) return sealed;
    return sealed + new Batch(this.#root, this.#plan, this.#how).seal(this.#parted);
  }

  /** Undefined for a file that must stay unchanged. */
  #examine(fd: number, entry: Planned): Examined | undefined {
    const { path } = entry;
    try {
      const state = stateOf(fd);
      if (isAsPlanned(state, entry) && (!entry.script || startsAsScript(fd))) {
        const sha256 = sha256Of(fd);
        if (this.#isApproved(entry, sha256)) return { fd, entry, sha256, version: state.version };
      }
      // Another process has sealed it.
      else if (isSame(state, entry) && state.mode === entry.to) this.#plan.already++;
      else this.#plan.refused.push(refused(path, 'changed'));
    } catch (error) {
      this.#plan.refused.push(refused(path, 'failed', errnoOf(error)));
    }
    return undefined;
  }

  /** Whether the content is approved under each of its names, because all names share one mode. */
  #isApproved(entry: Planned, sha256: string): boolean {
    const names = [entry, ...entry.otherNames].map(({ path, approved }) => ({
      path,
      against: objectionToContent(sha256, approved),
    }));
    if (names.every(({ against }) => against === undefined)) return true;
    for (const { path, against = 'other-name' } of names) {
      this.#plan.refused.push(refused(path, against));
    }
    this.#plan.already -= entry.otherNames.length;
    return false;
  }

  #change({ fd, entry, version }: Examined): boolean {
    try {
      const state = stateOf(fd);
      // Check again, because reading the file and writing the journal took time.
      if (!isAsPlanned(state, entry) || state.version !== version) {
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
   * On overlayfs a change copies the file up from the lower layer. The copy is another file, and
   * the other names still belong to the old one, without x.
   */
  #lookAgain(now: FileState, entry: Planned): void {
    if (now.mode !== entry.to) this.#plan.refused.push(refused(entry.path, 'changed'));
    if (isSame(now, entry)) return;
    for (const name of entry.otherNames) {
      this.#parted.push({ ...entry, ...name, otherNames: [] });
      // It was counted as a name that needs no change.
      this.#plan.already--;
    }
  }
}

/** The journal's entries for a change, one for each name. */
function namesOf({ entry: { path, otherNames, from, to }, sha256 }: Examined): Entry[] {
  return [path, ...otherNames.map((name) => name.path)].map((name) => ({
    path: name,
    sha256,
    from,
    to,
  }));
}

function isAsPlanned(state: FileState, entry: Planned): boolean {
  return state.regular && isSame(state, entry) && state.mode === entry.from;
}
