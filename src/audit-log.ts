import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  openSync as open,
  readSync as read,
  statSync as stat,
  writeSync as write,
  type BigIntStats,
} from 'node:fs';
import { resolve } from 'node:path';

import {
  invalidArgType,
  outOfRange,
  printablePath,
  toFd,
  toOptions,
  toPath,
  type FdLike,
  type Names,
  type PathLike,
} from './arguments.js';
import type { AuditMessage } from './audit.js';
import { json, record, stamp } from './audit-record.js';
import { constants } from './constants.js';
import { startDigests } from './digest.js';
import { isSameFile, OwnFd } from './own-fd.js';

/** How far an audit log may grow. */
export interface AuditLogOptions {
  /** Writing to a regular file stops at this size until the file is rotated. Default 256 MiB. */
  maxBytes?: number;
}

/** An open audit log. */
export interface AuditLog {
  /** How many verdicts were written. */
  readonly written: number;
  /** How many verdicts were lost because the file was full or could not be written. */
  readonly dropped: number;
  /** The last error. */
  readonly lastError: Error | undefined;
  /** Stops writing and closes the file. */
  close(): void;
}

const names: Names<AuditLogOptions> = { maxBytes: true };

const CHANNEL = 'mayexec:check';
const MAX_BYTES = 256 * 1024 * 1024;
const FLAGS =
  constants.O_APPEND |
  constants.O_CREAT |
  constants.O_CLOEXEC |
  constants.O_NOCTTY |
  // A full pipe loses lines. It does not block the program.
  constants.O_NONBLOCK |
  // Otherwise anyone who may write to the directory could redirect the log to another file.
  constants.O_NOFOLLOW;

/** The calls that find and open the file of a log. */
export interface LogFiles {
  /** Throws an error with a code. */
  readonly open: (path: string, flags: number, mode: number) => number;
  /** Undefined when there is no such file. */
  readonly stat: (path: string) => BigIntStats | undefined;
}

// The program whose files are checked may replace them later.
const openSync = open;
const readSync = read;
const statSync = stat;
const writeSync = write;

const FILES: LogFiles = {
  open: openSync,
  stat: (path) => statSync(path, { bigint: true, throwIfNoEntry: false }),
};

/**
 * Writes every verdict of this thread to a file from now on, as JSON lines. Each line has `time`,
 * `pid`, `operation`, `path` (the kernel's name of the open file), `dev`, `ino`, `sha256`,
 * `allowed`, `binding`, `denied` and `mechanism`, and where they apply `gate`, `option`, `errno`,
 * `reason` and `importer`. When lines were lost, a line with `dropped` says how many.
 *
 * The file is created with mode 0600, and each line is appended with one write(2). To rotate the
 * log, rename the file: the next verdict goes to a new file. A symbolic link is not followed. To
 * write to an open file, pass its fd, such as 2. An fd is neither rotated nor closed.
 *
 * Throws node:fs's errors when the file cannot be opened now. Later errors never stop the program:
 * see `dropped` and `lastError`. Each Worker publishes its own verdicts, so each Worker must open
 * the log itself.
 */
export function openAuditLog(file: PathLike | FdLike, options?: AuditLogOptions): AuditLog {
  const { maxBytes = MAX_BYTES } = toOptions(options, names);
  if (typeof maxBytes !== 'number') {
    throw invalidArgType('options.maxBytes', 'of type number', maxBytes);
  }
  if (!(maxBytes >= 0)) throw outOfRange('options.maxBytes', '>= 0', maxBytes);
  return start(
    isFd(file)
      ? new FileWriter(toFd(file), maxBytes, FILES)
      : new FileWriter(resolve(printablePath(toPath(file))), maxBytes, FILES),
  );
}

/** openAuditLog of an absolute path, with other calls than node:fs's. */
export function openAuditLogBy(files: LogFiles, path: string): AuditLog {
  return start(new FileWriter(path, MAX_BYTES, files));
}

/** Buffers and URLs are objects too, but they are paths. */
function isFd(file: PathLike | FdLike): file is FdLike {
  return typeof file === 'number' || (typeof file === 'object' && 'fd' in file);
}

/** Passes every verdict of this thread to the writer until the log is closed. */
export function start(writer: Writer): AuditLog {
  startDigests();
  const listener = (message: unknown): void => {
    writer.take(message as AuditMessage);
  };
  subscribe(CHANNEL, listener);
  return {
    get written() {
      return writer.written;
    },
    get dropped() {
      return writer.dropped;
    },
    get lastError() {
      return writer.lastError;
    },
    close() {
      unsubscribe(CHANNEL, listener);
      writer.close();
    },
  };
}

/** Turns verdicts into text and counts them. Subclasses send the text. */
export abstract class Writer {
  written = 0;
  dropped = 0;
  lastError: Error | undefined;
  /** Lost lines that the log does not mention yet. */
  #untold = 0;

  /** Called before each verdict. Throws when nothing can be written now. */
  protected abstract prepare(): void;
  /**
   * Sends one line, without its line break. `alarm` marks a refusal or a loss. Throws on failure.
   */
  protected abstract send(text: string, alarm: boolean): void;
  /** A second call does nothing. */
  abstract close(): void;

  /** Never throws, because a subscriber that throws would end the process. */
  take(message: AuditMessage): void {
    try {
      this.prepare();
      if (this.#untold > 0) {
        this.send(json({ ...stamp(), dropped: this.#untold }), true);
        this.#untold = 0;
      }
      this.send(json(record(message)), message.denied);
      this.written++;
    } catch (error) {
      this.lastError = error instanceof Error ? error : new Error(String(error));
      this.dropped++;
      this.#untold++;
    }
  }
}

/** Opens a log for appending, and for reading too where that is allowed. */
function openLog(files: LogFiles, path: string): { own: OwnFd; readable: boolean } {
  // A fifo opened for reading and writing would seem to have a reader.
  const isPlain = files.stat(path)?.isFile() !== false;
  if (isPlain) {
    try {
      return { own: new OwnFd(files.open(path, constants.O_RDWR | FLAGS, 0o600)), readable: true };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    }
  }
  return { own: new OwnFd(files.open(path, constants.O_WRONLY | FLAGS, 0o600)), readable: false };
}

const NEWLINE = 0x0a;

class FileWriter extends Writer {
  #own: OwnFd;
  #readable: boolean;
  readonly #path: string | undefined;
  readonly #maxBytes: number;
  readonly #files: LogFiles;
  /** The file may end in half a line. Used only where its end cannot be read. */
  #torn = false;
  readonly #last = Buffer.alloc(1);

  constructor(file: number | string, maxBytes: number, files: LogFiles) {
    super();
    this.#maxBytes = maxBytes;
    this.#files = files;
    if (typeof file === 'number') {
      this.#own = new OwnFd(file);
      this.#readable = false;
    } else {
      this.#path = file;
      ({ own: this.#own, readable: this.#readable } = openLog(files, file));
      this.#torn = (this.#own.stat()?.size ?? 0n) > 0n;
    }
  }

  protected override prepare(): void {
    if (this.#path !== undefined) this.#follow(this.#path);
    else if (this.#own.stat() === undefined) throw new Error('mayexec: the audit log was closed');
  }

  /** Reopens the log when its name belongs to another file now. */
  #follow(path: string): void {
    const named = this.#files.stat(path);
    const held = this.#own.stat();
    if (held !== undefined && named !== undefined && isSameFile(named, held))
      this.#mustHaveRoom(held);
    else this.#reopen(path, held);
  }

  #reopen(path: string, held: BigIntStats | undefined): void {
    let opened: ReturnType<typeof openLog>;
    try {
      opened = openLog(this.#files, path);
    } catch (error) {
      if (held === undefined) throw error;
      // Writing to the rotated file is better than losing lines.
      this.lastError = error as Error;
      this.#mustHaveRoom(held);
      return;
    }
    this.#own.close();
    ({ own: this.#own, readable: this.#readable } = opened);
    const stat = this.#own.stat();
    this.#torn = (stat?.size ?? 0n) > 0n;
    if (stat !== undefined) this.#mustHaveRoom(stat);
  }

  #mustHaveRoom(stat: BigIntStats): void {
    if (stat.isFile() && stat.size >= this.#maxBytes) {
      throw new Error(`mayexec: the audit log has reached ${this.#maxBytes} bytes`);
    }
  }

  /** Whether the file ends in half a line, because this process or another was interrupted. */
  #endsInLine(): boolean {
    const stat = this.#readable ? this.#own.stat() : undefined;
    if (stat?.isFile() !== true) return this.#torn;
    if (stat.size === 0n) return false;
    const read = readSync(this.#own.fd, this.#last, 0, 1, stat.size - 1n);
    return read === 1 && this.#last[0] !== NEWLINE;
  }

  protected override send(text: string): void {
    const bytes = Buffer.from(`${this.#endsInLine() ? '\n' : ''}${text}\n`);
    const written = writeSync(this.#own.fd, bytes);
    this.#torn = written < bytes.length && (written > 0 || this.#torn);
    if (written < bytes.length) throw new Error('mayexec: the audit log has no room for a line');
  }

  override close(): void {
    if (this.#path !== undefined) this.#own.close();
  }
}
