import type { Addon } from '../../addon.js';
import type { Directory } from '../tree/walk.js';

/**
 * One call uses this many open directories, and the next call as many. This is far below any limit.
 */
const DIRECTORIES = 16;
/** For fewer names the overhead of a call would be larger than the work. */
const NAMES = 512;

/** The files of code in an open directory. */
export interface Names {
  readonly directory: Directory;
  readonly names: readonly string[];
}

/**
 * Receives the answers in the order of the names, two numbers for each name: the result of the
 * check and the st_mode, which is 0 for a missing file. The array is empty when no check could be
 * made.
 */
type Take = (names: Names, answers: Int32Array) => void;

export const NO_ANSWERS = new Int32Array();

/** Checks many names in one call on another thread, while the walk continues. */
export class NameChecks {
  readonly #native: Addon;
  readonly #take: Take;
  #gathered: Names[] = [];
  #count = 0;
  #running: Promise<void> | undefined;

  constructor(native: Addon, take: Take) {
    this.#native = native;
    this.#take = take;
  }

  /** The caller waits for the result. One call runs while the names of the next are collected. */
  add(names: Names): Promise<void> | undefined {
    this.#gathered.push(names);
    this.#count += names.names.length;
    if (this.#gathered.length < DIRECTORIES && this.#count < NAMES) return undefined;
    return this.#next();
  }

  async end(): Promise<void> {
    await this.#next();
    await this.#running;
  }

  #next(): Promise<void> | undefined {
    const earlier = this.#running;
    this.#running = this.#check(this.#gathered, this.#count);
    this.#gathered = [];
    this.#count = 0;
    return earlier;
  }

  async #check(gathered: readonly Names[], count: number): Promise<void> {
    if (count === 0) return;
    const where = gathered.flatMap(({ directory, names }) => [directory.fd, names.length]);
    const given = gathered.map(({ names }) => names.map((name) => `${name}\0`).join(''));
    const numbers = new Int32Array(2 * count);
    const made = await this.#native.checkNames(where, given.join(''), numbers);
    let at = 0;
    for (const names of gathered) {
      const next = at + 2 * names.names.length;
      this.#take(names, made === 0 ? numbers.subarray(at, next) : NO_ANSWERS);
      at = next;
    }
  }
}
