import { readSync as read, writeSync as write, type BigIntStats } from 'node:fs';
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
import { programHere } from './audit-source.js';
import {
  start,
  toLogRecords,
  toTextLimit,
  Writer,
  type AuditLog,
  type LogRecords,
  type Writing,
} from './audit-writer.js';
import { constants } from './constants.js';
import { openPatiently, pause } from './lease.js';
import { FILES, type LogFiles } from './log-files.js';
import { isSameFile, OwnFd } from './own-fd.js';

/** Which verdicts an audit log has, and how far it may grow. */
export interface AuditLogOptions {
  /** Writing to a regular file stops at this size until the file is rotated. Default 256 MiB. */
  maxBytes?: number | undefined;
  /** Which verdicts are written. Default `all`. */
  records?: LogRecords | undefined;
  /**
   * How many characters of code that comes from no file are written with its verdict: 0 to 65,536.
   * Default 0, since such a text may have passwords in it.
   */
  text?: number | undefined;
}

const names: Names<AuditLogOptions> = { maxBytes: true, records: true, text: true };

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

// The program whose files are checked may replace them later.
const readSync = read;
const writeSync = write;

/**
 * Writes every verdict of this thread to a file from now on, as JSON lines. Each line has `time`,
 * `pid`, `host`, `uid`, `program`, `operation`, `path` (the kernel's name of the open file), `dev`,
 * `ino`, `sha256`, `allowed`, `binding`, `denied` and `mechanism`, and where they apply `container`,
 * `package` (`name@version` of the nearest package.json), `gate`, `option`, `errno`, `reason`,
 * `importer`, `child` and `text`. When lines were lost, a line with `dropped` says how many.
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
  const { maxBytes = MAX_BYTES, records, text } = toOptions(options, names);
  if (typeof maxBytes !== 'number') {
    throw invalidArgType('options.maxBytes', 'of type number', maxBytes);
  }
  if (!(maxBytes >= 0)) throw outOfRange('options.maxBytes', '>= 0', maxBytes);
  const writing = {
    records: toLogRecords(records),
    text: toTextLimit(text),
    program: programHere(),
  };
  return start(
    isFd(file)
      ? new FileWriter(toFd(file), maxBytes, FILES)
      : new FileWriter(resolve(printablePath(toPath(file))), maxBytes, FILES),
    writing,
  );
}

/**
 * openAuditLog for an absolute path or an fd. `files` finds and opens the file instead of node:fs.
 */
export function openAuditLogBy(files: LogFiles, file: string | number, writing: Writing): AuditLog {
  return start(new FileWriter(file, MAX_BYTES, files), { ...writing, files });
}

/** Buffers and URLs are objects too, but they are paths. */
function isFd(file: PathLike | FdLike): file is FdLike {
  return typeof file === 'number' || (typeof file === 'object' && 'fd' in file);
}

/** Opens a log for appending, and for reading too where that is allowed. */
function openLog(files: LogFiles, path: string): { own: OwnFd; readable: boolean } {
  // A fifo opened for reading and writing would seem to have a reader.
  const isPlain = files.stat(path)?.isFile() !== false;
  const open = (access: number): OwnFd => {
    const attempt = (): number => files.open(path, access | FLAGS, 0o600);
    return new OwnFd(isPlain ? openPatiently(attempt) : attempt());
  };
  if (isPlain) {
    try {
      return { own: open(constants.O_RDWR), readable: true };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    }
  }
  return { own: open(constants.O_WRONLY), readable: false };
}

const NEWLINE = 0x0a;
const NOTHING = Buffer.alloc(0);
/** How often to read the end of a file while others write to it. */
const LOOKS = 100;

/**
 * Waits for the writers of a file that are in the middle of a line. A file shows a long line page
 * by page. A write holds the file's lock, so an empty write waits until it is done. On overlayfs it
 * does not wait: the pause is for that.
 */
function awaitWriters(fd: number): void {
  writeSync(fd, NOTHING);
  pause();
}

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
    let before: bigint | undefined;
    for (let look = 0; look < LOOKS; look++) {
      const stat = this.#readable ? this.#own.stat() : undefined;
      if (stat?.isFile() !== true) return this.#torn;
      if (stat.size === 0n) return false;
      const read = readSync(this.#own.fd, this.#last, 0, 1, stat.size - 1n);
      if (read !== 1 || this.#last[0] === NEWLINE) return false;
      if (stat.size === before) return true;
      before = stat.size;
      awaitWriters(this.#own.fd);
    }
    return true;
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
