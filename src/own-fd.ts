import { closeSync as close, fstatSync as fstat, type BigIntStats } from 'node:fs';

// The program whose files are checked may replace them later.
const closeSync = close;
const fstatSync = fstat;

/** Whether two stats are of one file. */
export function isSameFile(one: BigIntStats, other: BigIntStats): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

/**
 * An fd that a program may close behind our back. Its number may then be another
 * file's, which is not ours to write to or to close.
 */
export class OwnFd {
  readonly fd: number;
  readonly #opened: BigIntStats;
  #closed = false;

  constructor(fd: number) {
    this.fd = fd;
    this.#opened = fstatSync(fd, { bigint: true });
  }

  /** What is open now, or undefined when that is no longer what was opened. */
  stat(): BigIntStats | undefined {
    if (this.#closed) return undefined;
    try {
      const now = fstatSync(this.fd, { bigint: true });
      if (isSameFile(now, this.#opened)) return now;
    } catch {
      // It was closed.
    }
    this.#closed = true;
    return undefined;
  }

  /** Closes what was opened. Does nothing once it is closed. */
  close(): void {
    if (this.stat() === undefined) return;
    this.#closed = true;
    closeSync(this.fd);
  }
}
