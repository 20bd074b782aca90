import { closeSync as close, fstatSync as fstat, type BigIntStats } from 'node:fs';

// The program whose files are checked may replace them later.
const closeSync = close;
const fstatSync = fstat;

/** Whether two stats describe the same file. */
export function isSameFile(one: BigIntStats, other: BigIntStats): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

/**
 * An fd that the program may close. Its number may then belong to another file, which this class
 * neither writes nor closes.
 */
export class OwnFd {
  readonly fd: number;
  readonly #opened: BigIntStats;
  #closed = false;

  constructor(fd: number) {
    this.fd = fd;
    this.#opened = fstatSync(fd, { bigint: true });
  }

  /** The stat of the open file, or undefined when the fd is closed or belongs to another file. */
  stat(): BigIntStats | undefined {
    if (this.#closed) return undefined;
    try {
      const now = fstatSync(this.fd, { bigint: true });
      if (isSameFile(now, this.#opened)) return now;
    } catch {
      // The program closed it.
    }
    this.#closed = true;
    return undefined;
  }

  /** Closes the file if the fd still belongs to it. */
  close(): void {
    if (this.stat() === undefined) return;
    this.#closed = true;
    closeSync(this.fd);
  }
}
