import { closeSync as close } from 'node:fs';

import type { CodeFiles } from './addon.js';
import { handOver, knowsEveryFd, moved } from './hand-over.js';

// The program may replace it later.
const closeSync = close;

/** The fd of an ExecFile: node:fs reads it, and this package closes it. */
export class HeldFd {
  readonly #native: CodeFiles;
  readonly #number: number | undefined;
  readonly fd: number;

  constructor(native: CodeFiles, fd: number) {
    this.#native = native;
    this.#number = knowsEveryFd ? undefined : moved(native, fd);
    this.fd = this.#number ?? fd;
  }

  /** Returns the number that the program must close. */
  handOver(): number {
    return this.#number ?? handOver(this.#native, this.fd);
  }

  /** 0 or -errno. */
  close(): number {
    if (this.#number === undefined) return this.#native.closeOwned(this.fd);
    closeSync(this.#number);
    return 0;
  }
}
