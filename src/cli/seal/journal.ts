import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';

import { addon } from '../../addon.js';
import { constants } from '../../constants.js';
import { aboutFile, syscallError } from '../../errors.js';
import { isRegularFile } from '../../file-type.js';
import { openPatiently } from '../../lease.js';
import { openat2Sync } from '../../openat2.js';
import { parseObject } from '../json-object.js';
import { isSha256 } from '../tree/file.js';
import { readPath, writePath, type TreePath } from '../tree/path.js';
import { printable } from '../terminal.js';
import { lock } from './lock.js';

/** One change of a mode. It is in the journal before the mode changes. */
export interface Entry {
  path: TreePath;
  /** The hash of the file. */
  sha256: string;
  from: number;
  to: number;
}

/** The mode of a sealed file: an x for each r. */
export function sealedMode(mode: number): number {
  return mode | ((mode & 0o444) >> 2);
}

/** The journal cannot be used. Nothing was changed. */
export class JournalError extends Error {
  readonly syscall = 'journal';
}

/**
 * The journal of `seal`: JSON lines. Each is on the disk before its mode changes. A killed process
 * leaves at most one unfinished line, the last. Its change was never made.
 */
export class Journal {
  readonly #directory: number;
  readonly #file: string;
  readonly #fd: number;
  /** The present lines, so that a deploy of the same files does not make it longer. */
  #written: ReadonlySet<string> = new Set();

  private constructor(directory: number, file: string, fd: number) {
    this.#directory = directory;
    this.#file = file;
    this.#fd = fd;
  }

  /** Opens and locks a journal. With `create` a missing one is made. */
  static open(file: string, { create }: { create: boolean }): Journal {
    const directory = openat2Sync(dirname(file), {
      flags: constants.O_RDONLY | constants.O_DIRECTORY,
    });
    try {
      return Journal.#openIn(directory, file, create);
    } catch (error) {
      closeSync(directory);
      throw error;
    }
  }

  static #openIn(directory: number, file: string, create: boolean): Journal {
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_NONBLOCK;
    const fd = openPatiently(() =>
      openat2Sync(basename(file), {
        dir: directory,
        flags: create ? flags | constants.O_CREAT : flags,
        mode: create ? 0o600 : 0,
        resolve: { beneath: true, noSymlinks: true },
      }),
    );
    try {
      lock(fd, file);
      // The one that held the lock may have removed it.
      trust(file, fd);
      const journal = new Journal(directory, file, fd);
      if (create) {
        journal.#cutUnfinishedLine();
        journal.#written = new Set(journal.#readAll().toString().split('\n'));
        // The name must be on the disk before the first change.
        fsyncSync(directory);
      }
      return journal;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** Appends the entries. When it returns, they are on the disk. */
  append(entries: readonly Entry[]): void {
    const before = fstatSync(this.#fd).size;
    const lines = entries.map(format).filter((line) => !this.#written.has(line));
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    try {
      for (let written = 0; written < bytes.length;) {
        written += writeSync(this.#fd, bytes, written);
      }
      fsyncSync(this.#fd);
    } catch (error) {
      ftruncateSync(this.#fd, before);
      throw aboutFile(this.#file, error);
    }
  }

  #readAll(): Buffer {
    const data = addon().readFileSync(this.#fd);
    if (typeof data === 'number') throw syscallError(data, 'read', { path: this.#file });
    return data;
  }

  #cutUnfinishedLine(): void {
    const data = this.#readAll();
    const end = data.lastIndexOf(0x0a) + 1;
    if (end < data.length) ftruncateSync(this.#fd, end);
  }

  /** Every entry, in the order of writing. Throws JournalError for a line that seal never wrote. */
  read(): Entry[] {
    const lines = this.#readAll().toString().split('\n');
    // The last piece is empty or an unfinished line.
    lines.pop();
    return lines.map((line, i) => {
      const entry = parse(line);
      if (entry === undefined) {
        throw new JournalError(
          `${printable(this.#file)}: line ${i + 1} is not of a journal of mayexec seal`,
        );
      }
      return entry;
    });
  }

  /** Removes the journal. Call this when everything is undone. */
  remove(): void {
    fsyncSync(this.#directory);
    const directory = `/proc/self/fd/${this.#directory}`;
    // Where /proc is not mounted, only its name is left.
    unlinkSync(existsSync(directory) ? `${directory}/${basename(this.#file)}` : this.#file);
    fsyncSync(this.#directory);
  }

  /** Closes it. One without an entry is removed. */
  close(): void {
    if (fstatSync(this.#fd).size === 0 && fstatSync(this.#fd).nlink > 0) this.remove();
    closeSync(this.#fd);
    closeSync(this.#directory);
  }
}

/** Modes are restored from the journal, so no other user may write to it. */
function trust(file: string, fd: number): void {
  const { mode, uid, nlink } = fstatSync(fd);
  if (!isRegularFile(mode) || uid !== process.geteuid?.() || nlink !== 1 || (mode & 0o022) !== 0) {
    throw new JournalError(
      `${printable(file)}: a journal must be a regular file of this user with one name, and no other user may write to it`,
    );
  }
}

function format({ path, sha256, from, to }: Entry): string {
  return JSON.stringify({ ...writePath(path), sha256, from: octal(from), to: octal(to) });
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

function parse(line: string): Entry | undefined {
  const fields = parseObject(line);
  if (fields === undefined) return undefined;
  const { sha256, from, to } = fields;
  if (
    typeof from !== 'string' ||
    typeof to !== 'string' ||
    !isSha256(sha256) ||
    !/^[0-7]{4}$/.test(from)
  ) {
    return undefined;
  }
  const mode = Number.parseInt(from, 8);
  // Accept only changes that seal makes, so that a forged line can only remove x.
  if (to !== octal(sealedMode(mode))) return undefined;
  const path = readPath(fields);
  if (path === undefined) return undefined;
  return { path, sha256, from: mode, to: sealedMode(mode) };
}
