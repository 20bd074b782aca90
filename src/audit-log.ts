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
  /** A regular file that has reached this size is written no further until it is rotated; default 256 MiB. */
  maxBytes?: number;
}

/** A log that is being written. */
export interface AuditLog {
  /** Verdicts that were written. */
  readonly written: number;
  /** Verdicts that were not: the file was full, or could not be written. */
  readonly dropped: number;
  /** What went wrong last. */
  readonly lastError: Error | undefined;
  /** Writes no more, and closes the file. */
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
  // A pipe that nobody empties loses lines; it does not stop the program.
  constants.O_NONBLOCK |
  // Else whoever may write the directory chooses which file grows.
  constants.O_NOFOLLOW;

/** How a log's file is found and opened. */
export interface LogFiles {
  /** Throws an error with a code. */
  readonly open: (path: string, flags: number, mode: number) => number;
  /** Undefined when there is none. */
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
 * Writes every verdict of this thread to a file, from now on, as JSON lines:
 * `time`, `pid`, `operation`, `path` (of the open file, as the kernel names it),
 * `dev`, `ino`, `sha256`, `allowed`, `binding`, `denied`, `mechanism`, and where there are
 * any `gate`, `option`, `errno`, `reason` and `importer`. After lines that were lost, one says how
 * many: `dropped`.
 *
 * The file is made with mode 0600, appended to with one write(2) a line, and
 * opened anew when another file, or none, has its name: rotate it by renaming.
 * A symbolic link is not followed; pass an fd, such as 2, to write there, which
 * is neither rotated nor closed. Throws node:fs's errors when the file cannot be
 * opened now. After that nothing is thrown: a log that cannot be written
 * is no reason to stop the program. The verdicts of Workers are published in
 * them, so each opens the log for itself.
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

/** The same at an absolute path, by other means than node:fs. */
export function openAuditLogBy(files: LogFiles, path: string): AuditLog {
  return start(new FileWriter(path, MAX_BYTES, files));
}

/** Bytes and URLs are paths. */
function isFd(file: PathLike | FdLike): file is FdLike {
  return typeof file === 'number' || (typeof file === 'object' && 'fd' in file);
}

/** Gives the writer every verdict of this thread, until the log is closed. */
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

/** Turns verdicts into text and counts them; where the text goes is for others to say. */
export abstract class Writer {
  written = 0;
  dropped = 0;
  lastError: Error | undefined;
  /** How many of the dropped the log does not tell of yet. */
  #untold = 0;

  /** Before each verdict. Throws when nothing can be written now. */
  protected abstract prepare(): void;
  /** Sends one line, without its end; `alarm` when it is about a refusal or a loss. Throws when it cannot. */
  protected abstract send(text: string, alarm: boolean): void;
  /** Once more does nothing. */
  abstract close(): void;

  /** Never throws: a subscriber that does ends the process. */
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

/** How a log is opened: to be appended to, and where that is allowed to be looked at as well. */
function openLog(files: LogFiles, path: string): { own: OwnFd; readable: boolean } {
  // A fifo that is opened for both would seem to have a reader.
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
  /** Where the end of the file cannot be read: what it ends with may be half a line. */
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

  /** Makes the fd that of the file which has the name now. */
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
      // The rotated file is a better place than none.
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

  /** Whether the file ends in the middle of a line, in which this process or another was cut off. */
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
