import { createReadStream, read, type ReadStream } from 'node:fs';

import type { Addon } from './addon.js';
import { EBADF } from './errno.js';
import { syscallError } from './errors.js';
import type { Verdict } from './verdict.js';

const CLOSED = -1;

/**
 * A file that was opened as code, with the verdict about it. Every read is of
 * the very fd that was checked. It holds an fd until it is closed, disposed of,
 * detached or streamed; use `using file = …` or `await using file = …`.
 */
export class ExecFile implements Disposable, AsyncDisposable {
  readonly #native: Addon;
  #fd: number;
  #reads = 0;
  #closeAfterReads: (() => void) | undefined;
  /** As it was given to openMayExec. */
  readonly path: string;
  readonly verdict: Verdict;

  /** @internal */
  constructor(native: Addon, fd: number, path: string, verdict: Verdict) {
    this.#native = native;
    this.#fd = fd;
    this.path = path;
    this.verdict = verdict;
  }

  /** The fd, or -1 once it is closed or was given away. Not to be closed by fs.close: see detach(). */
  get fd(): number {
    return this.#fd;
  }

  #open(syscall: string): number {
    if (this.#fd === CLOSED) throw syscallError(EBADF, syscall, { path: this.path });
    return this.#fd;
  }

  #data(data: Buffer | number): Buffer {
    if (typeof data === 'number') throw syscallError(data, 'read', { path: this.path });
    return data;
  }

  /** The whole file, from its start whatever was read before; a pipe or device, what is left of it. */
  readSync(): Buffer {
    return this.#data(this.#native.readFileSync(this.#open('read')));
  }

  /** readSync in libuv's thread pool. */
  async read(): Promise<Buffer> {
    const fd = this.#open('read');
    this.#reads++;
    try {
      return this.#data(await this.#native.readFile(fd));
    } finally {
      this.#reads--;
      if (this.#reads === 0) this.#closeAfterReads?.();
    }
  }

  /** The whole file as UTF-8, without a byte order mark. */
  textSync(): string {
    return decode(this.readSync());
  }

  /** textSync in libuv's thread pool. */
  async text(): Promise<string> {
    return decode(await this.read());
  }

  /**
   * A stream of the file. The fd goes with it: it is closed when the stream ends,
   * fails or is destroyed, and this object counts as closed from now on.
   */
  createReadStream(
    options: { encoding?: BufferEncoding; highWaterMark?: number } = {},
  ): ReadStream {
    const native = this.#native;
    const close = (closing: number, done: (error?: Error | null) => void): void => {
      const result = native.closeOwned(closing);
      done(result < 0 ? syscallError(result, 'close', { fd: closing }) : null);
    };
    const fd = this.#give('read');
    try {
      return createReadStream('', { ...options, fd, autoClose: true, fs: { read, close } });
    } catch (error) {
      // An option was refused: the fd is still this object's.
      this.#fd = fd;
      throw error;
    }
  }

  /** Gives the fd to the caller, who closes it from now on. */
  detach(): number {
    const fd = this.#give('dup');
    this.#native.disown(fd);
    return fd;
  }

  #give(syscall: string): number {
    const fd = this.#open(syscall);
    if (this.#reads > 0) {
      throw new Error(
        `mayexec: '${this.path}' is being read; await read() before giving its fd away`,
      );
    }
    this.#fd = CLOSED;
    return fd;
  }

  /** Closes the fd, once reads under way have ended. Closing again does nothing. */
  closeSync(): void {
    if (this.#fd === CLOSED) return;
    const fd = this.#fd;
    this.#fd = CLOSED;
    if (this.#reads > 0) {
      this.#closeAfterReads = (): void => void this.#native.closeOwned(fd);
      return;
    }
    const result = this.#native.closeOwned(fd);
    if (result < 0) throw syscallError(result, 'close', { path: this.path });
  }

  /** closeSync, as a promise: closing a file that was only read does not block. */
  // eslint-disable-next-line @typescript-eslint/require-await
  async close(): Promise<void> {
    this.closeSync();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

const utf8 = new TextDecoder('utf-8');

function decode(bytes: Buffer): string {
  return utf8.decode(bytes);
}
