import {
  createReadStream,
  fstat,
  fstatSync,
  read,
  type BigIntStats,
  type ReadStream,
  type Stats,
} from 'node:fs';
import type { Interface } from 'node:readline';
import type { ReadableStream } from 'node:stream/web';

import type { CodeFiles } from './addon.js';
import { invalidArgValue, toBoolean, toOptions, type Names } from './arguments.js';
import { decode, readWithoutMark } from './byte-order-mark.js';
import { EBADF } from './errno.js';
import { syscallError } from './errors.js';
import type { Verdict } from './verdict.js';

const CLOSED = -1;

type Read = typeof read;

/** How a file of code is streamed. */
export interface StreamOptions {
  /** Give strings, without a byte order mark; default Buffers, with all that is there. */
  encoding?: BufferEncoding;
  /** Bytes a chunk; default 64 KiB. */
  highWaterMark?: number;
}

/** How a file of code is described. */
export interface StatOptions {
  /** Numbers as bigint. */
  bigint?: boolean;
}

const streamNames: Names<StreamOptions> = { encoding: true, highWaterMark: true };
const statNames: Names<StatOptions> = { bigint: true };

/** Loaded only for who asks: they are not needed to open a file. */
interface Readline {
  createInterface(options: { input: ReadStream; crlfDelay: number }): Interface;
}
interface Streams {
  Readable: { toWeb(stream: ReadStream): ReadableStream };
}

function toEncoding(encoding: unknown): BufferEncoding {
  if (typeof encoding === 'string' && Buffer.isEncoding(encoding)) return encoding;
  throw invalidArgValue('encoding', encoding, 'is invalid encoding');
}

/**
 * A file that was opened as code, with the verdict about it. Every read is of
 * the very fd that was checked. It holds an fd until it is closed, disposed of,
 * detached or streamed; use `using file = …` or `await using file = …`.
 */
export class ExecFile implements Disposable, AsyncDisposable {
  readonly #native: CodeFiles;
  #fd: number;
  #reads = 0;
  #closeAfterReads: (() => void) | undefined;
  /** As it was given to openMayExec. */
  readonly path: string;
  /** What the kernel answered about it. */
  readonly verdict: Verdict;

  /** @internal */
  constructor(native: CodeFiles, fd: number, path: string, verdict: Verdict) {
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
    return this.#data(await this.#whileOpen(this.#native.readFile(this.#open('read'))));
  }

  /** The whole file as text, UTF-8 by default, without a byte order mark. */
  textSync(encoding: BufferEncoding = 'utf8'): string {
    const known = toEncoding(encoding);
    return decode(this.readSync(), known);
  }

  /** textSync in libuv's thread pool. */
  async text(encoding: BufferEncoding = 'utf8'): Promise<string> {
    const known = toEncoding(encoding);
    return decode(await this.read(), known);
  }

  /** fstat(2) of the file that was checked. */
  statSync(options?: StatOptions & { bigint?: false }): Stats;
  statSync(options: StatOptions & { bigint: true }): BigIntStats;
  statSync(options?: StatOptions): Stats | BigIntStats;
  statSync(options?: StatOptions): Stats | BigIntStats {
    const { bigint } = toOptions(options, statNames);
    return fstatSync(this.#open('fstat'), { bigint: toBoolean('options.bigint', bigint) });
  }

  /** statSync in libuv's thread pool. */
  async stat(options?: StatOptions & { bigint?: false }): Promise<Stats>;
  async stat(options: StatOptions & { bigint: true }): Promise<BigIntStats>;
  async stat(options?: StatOptions): Promise<Stats | BigIntStats>;
  async stat(options?: StatOptions): Promise<Stats | BigIntStats> {
    const given = toOptions(options, statNames);
    const bigint = toBoolean('options.bigint', given.bigint);
    const fd = this.#open('fstat');
    return this.#whileOpen(
      new Promise((resolve, reject) => {
        fstat(fd, { bigint }, (error, stats) => {
          if (error === null) resolve(stats);
          else reject(error);
        });
      }),
    );
  }

  /** Holds the fd until the work is done: a close meanwhile waits. */
  async #whileOpen<T>(work: Promise<T>): Promise<T> {
    this.#reads++;
    try {
      return await work;
    } finally {
      this.#reads--;
      if (this.#reads === 0) this.#closeAfterReads?.();
    }
  }

  /**
   * A stream of the file. The fd goes with it: it is closed when the stream ends,
   * fails or is destroyed, and this object counts as closed from now on.
   */
  createReadStream(options?: StreamOptions): ReadStream {
    const { encoding, highWaterMark } = toOptions(options, streamNames);
    const known = encoding === undefined ? undefined : toEncoding(encoding);
    const native = this.#native;
    const close = (closing: number, done: (error?: Error | null) => void): void => {
      const result = native.closeOwned(closing);
      done(result < 0 ? syscallError(result, 'close', { fd: closing }) : null);
    };
    const fd = this.#give('read');
    try {
      return createReadStream('', {
        ...(known === undefined ? {} : { encoding: known }),
        ...(highWaterMark === undefined ? {} : { highWaterMark }),
        fd,
        autoClose: true,
        fs: { read: known === undefined ? read : (readWithoutMark(read, known) as Read), close },
      });
    } catch (error) {
      // An option was refused: the fd is still this object's.
      this.#fd = fd;
      throw error;
    }
  }

  /** The lines of the file, as FileHandle.readLines gives them. The fd goes with them. */
  readLines(options?: StreamOptions): Interface {
    const given = toOptions(options, streamNames);
    const readline = process.getBuiltinModule('node:readline') as Readline;
    const input = this.createReadStream({ encoding: 'utf8', ...given });
    return readline.createInterface({ input, crlfDelay: Infinity });
  }

  /** The bytes of the file as a stream of the Web. The fd goes with it. */
  readableWebStream(): ReadableStream {
    const { Readable } = process.getBuiltinModule('node:stream') as unknown as Streams;
    return Readable.toWeb(this.createReadStream());
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

  /** node:util.inspect sees no private field, and the fd is one. */
  [Symbol.for('nodejs.util.inspect.custom')](): object {
    const { fd, path, verdict } = this;
    return Object.assign(Object.create({ constructor: ExecFile }) as object, { fd, path, verdict });
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
