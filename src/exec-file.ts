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
import { toBoolean, toEncoding, toOptions, type Names } from './arguments.js';
import { decode, readWithoutMark } from './byte-order-mark.js';
import { EBADF } from './errno.js';
import { syscallError } from './errors.js';
import { HeldFd } from './held-fd.js';
import type { Verdict } from './verdict.js';

const CLOSED = -1;

type Read = typeof read;

/** Options of a stream of code. */
export interface StreamOptions {
  /**
   * Return strings without a byte order mark. By default a stream returns Buffers with every byte.
   */
  encoding?: BufferEncoding | undefined;
  /** Bytes in each chunk. Default 64 KiB. */
  highWaterMark?: number | undefined;
}

/** Options of stat. */
export interface StatOptions {
  /** Return the numbers as bigints. */
  bigint?: boolean | undefined;
}

const streamNames: Names<StreamOptions> = { encoding: true, highWaterMark: true };
const statNames: Names<StatOptions> = { bigint: true };

/** Loaded on first use, because opening a file does not need them. */
interface Readline {
  createInterface(options: { input: ReadStream; crlfDelay: number }): Interface;
}
interface Streams {
  Readable: { toWeb(stream: ReadStream): ReadableStream };
}

/**
 * A file that was opened as code, with its verdict. Every read uses the fd that was checked. The
 * object holds this fd until it is closed, disposed of, detached or streamed. Use `using file = …`
 * or `await using file = …`.
 */
export class ExecFile implements Disposable, AsyncDisposable {
  readonly #native: CodeFiles;
  readonly #held: HeldFd;
  #fd: number;
  #reads = 0;
  #closeAfterReads: (() => void) | undefined;
  /** The path as it was given to openMayExec. */
  readonly path: string;
  /** The kernel's answer about the file. */
  readonly verdict: Verdict;

  /** @internal */
  constructor(native: CodeFiles, fd: number, path: string, verdict: Verdict) {
    this.#native = native;
    this.#held = new HeldFd(native, fd);
    this.#fd = this.#held.fd;
    this.path = path;
    this.verdict = verdict;
  }

  /**
   * The fd, or -1 once it is closed or detached. Do not close it with fs.close: use detach() first.
   */
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

  /**
   * Reads the whole file from its start, whatever was read before. From a pipe or device it reads
   * what is left.
   */
  readSync(): Buffer {
    return this.#data(this.#native.readFileSync(this.#open('read')));
  }

  /** readSync in libuv's thread pool. */
  async read(): Promise<Buffer> {
    return this.#data(await this.#whileOpen(this.#native.readFile(this.#open('read'))));
  }

  /** Reads the whole file as text, UTF-8 by default, without a byte order mark. */
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
  statSync(options?: StatOptions & { bigint?: false | undefined }): Stats;
  statSync(options: StatOptions & { bigint: true }): BigIntStats;
  statSync(options?: StatOptions): Stats | BigIntStats;
  statSync(options?: StatOptions): Stats | BigIntStats {
    const { bigint } = toOptions(options, statNames);
    return fstatSync(this.#open('fstat'), { bigint: toBoolean('options.bigint', bigint) });
  }

  /** statSync in libuv's thread pool. */
  async stat(options?: StatOptions & { bigint?: false | undefined }): Promise<Stats>;
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

  /** Keeps the fd open until the work is done. A close during the work takes effect afterwards. */
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
   * A stream of the file. The stream takes over the fd and closes it when it ends, fails or is
   * destroyed. This object counts as closed from now on.
   */
  createReadStream(options?: StreamOptions): ReadStream {
    const { encoding, highWaterMark } = toOptions(options, streamNames);
    const known = encoding === undefined ? undefined : toEncoding(encoding);
    const held = this.#held;
    const close = (closing: number, done: (error?: Error | null) => void): void => {
      const result = held.close();
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
      // An option was refused, so this object keeps the fd.
      this.#fd = fd;
      throw error;
    }
  }

  /** The lines of the file, as from FileHandle.readLines. The returned object takes over the fd. */
  readLines(options?: StreamOptions): Interface {
    const given = toOptions(options, streamNames);
    const readline = process.getBuiltinModule('node:readline') as Readline;
    const input = this.createReadStream({ encoding: 'utf8', ...given });
    return readline.createInterface({ input, crlfDelay: Infinity });
  }

  /** The bytes of the file as a web stream. The stream takes over the fd. */
  readableWebStream(): ReadableStream {
    const { Readable } = process.getBuiltinModule('node:stream') as unknown as Streams;
    return Readable.toWeb(this.createReadStream());
  }

  /** Returns the fd. From now on the caller must close it. */
  detach(): number {
    this.#give('dup');
    return this.#held.handOver();
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

  /** Closes the fd after running reads have ended. A second close does nothing. */
  closeSync(): void {
    if (this.#fd === CLOSED) return;
    this.#fd = CLOSED;
    if (this.#reads > 0) {
      this.#closeAfterReads = (): void => void this.#held.close();
      return;
    }
    const result = this.#held.close();
    if (result < 0) throw syscallError(result, 'close', { path: this.path });
  }

  /**
   * closeSync with a promise. It closes at once, because closing a file that was only read does not
   * block.
   */
  // eslint-disable-next-line @typescript-eslint/require-await
  async close(): Promise<void> {
    this.closeSync();
  }

  /** Shows the fd, which is a private field that node:util.inspect does not see. */
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
