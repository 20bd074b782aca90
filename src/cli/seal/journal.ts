import { closeSync, fstatSync, fsyncSync, ftruncateSync, unlinkSync, writeSync } from 'node:fs';

import { addon } from '../../addon.js';
import { constants } from '../../constants.js';
import { syscallError } from '../../errors.js';
import { openat2Sync } from '../../openat2.js';
import { readPath, writePath, type TreePath } from '../tree/path.js';
import { lock } from './lock.js';

/** One change of a mode. It is in the journal before it is made. */
export interface Entry {
  path: TreePath;
  /** What the file held. */
  sha256: string;
  from: number;
  to: number;
}

/** The mode of a sealed file: x for everyone who has r. */
export function sealedMode(mode: number): number {
  return mode | ((mode & 0o444) >> 2);
}

/** The journal cannot be used. Nothing was changed. */
export class JournalError extends Error {
  readonly syscall = 'journal';
}

/**
 * The journal of `seal`: JSON lines. Each is on the disk before its mode is changed.
 * A process that is killed leaves at most one unfinished line, the last, whose change
 * was never made.
 */
export class Journal {
  readonly #directory: number;
  readonly #name: string;
  readonly #fd: number;

  private constructor(directory: number, name: string, fd: number) {
    this.#directory = directory;
    this.#name = name;
    this.#fd = fd;
  }

  /**
   * Opens and locks the journal of that name in a directory. The caller closes the
   * directory, after the journal. With `create` a missing journal is made.
   */
  static open(directory: number, name: string, { create }: { create: boolean }): Journal {
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_NONBLOCK;
    const fd = openat2Sync(name, {
      dir: directory,
      flags: create ? flags | constants.O_CREAT : flags,
      mode: create ? 0o600 : 0,
      resolve: { beneath: true, noSymlinks: true },
    });
    try {
      trust(name, fd);
      lock(fd, name);
      const journal = new Journal(directory, name, fd);
      if (create) {
        journal.#cutUnfinishedLine();
        // Its name has to be on the disk before the first change.
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
    const bytes = Buffer.from(entries.map((entry) => `${format(entry)}\n`).join(''));
    try {
      for (let written = 0; written < bytes.length;) {
        written += writeSync(this.#fd, bytes, written);
      }
      fsyncSync(this.#fd);
    } catch (error) {
      ftruncateSync(this.#fd, before);
      throw error;
    }
  }

  #readAll(): Buffer {
    const data = addon().readFileSync(this.#fd);
    if (typeof data === 'number') throw syscallError(data, 'read', { path: this.#name });
    return data;
  }

  #cutUnfinishedLine(): void {
    const data = this.#readAll();
    const end = data.lastIndexOf(0x0a) + 1;
    if (end < data.length) ftruncateSync(this.#fd, end);
  }

  /** Every entry, in the order of writing. Throws JournalError for what seal never wrote. */
  read(): Entry[] {
    const lines = this.#readAll().toString().split('\n');
    // The last piece is empty, or a line that was never finished.
    lines.pop();
    return lines.map((line, i) => {
      const entry = parse(line);
      if (entry === undefined) {
        throw new JournalError(`${this.#name}: line ${i + 1} is not of a journal of mayexec seal`);
      }
      return entry;
    });
  }

  /** Removes it, once everything in it is undone. */
  remove(): void {
    fsyncSync(this.#directory);
    unlinkSync(`/proc/self/fd/${this.#directory}/${this.#name}`);
    fsyncSync(this.#directory);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Modes are restored from the journal, so nobody else may write it. */
function trust(name: string, fd: number): void {
  const { mode, uid, nlink } = fstatSync(fd);
  const isFile = (mode & 0o170000) === 0o100000;
  if (!isFile || uid !== process.geteuid?.() || nlink !== 1 || (mode & 0o022) !== 0) {
    throw new JournalError(
      `${name}: a journal has to be a regular file of this user, under one name, that nobody else can write`,
    );
  }
}

function format({ path, sha256, from, to }: Entry): string {
  return JSON.stringify({ ...writePath(path), sha256, from: octal(from), to: octal(to) });
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

function parse(line: string): Entry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  const { sha256, from, to } = fields;
  if (
    typeof sha256 !== 'string' ||
    typeof from !== 'string' ||
    typeof to !== 'string' ||
    !/^[0-9a-f]{64}$/.test(sha256) ||
    !/^[0-7]{4}$/.test(from)
  ) {
    return undefined;
  }
  const mode = Number.parseInt(from, 8);
  // Only what seal does can be undone: a forged line can at most take x away.
  if (to !== octal(sealedMode(mode))) return undefined;
  const path = readPath(fields);
  if (path === undefined) return undefined;
  return { path, sha256, from: mode, to: sealedMode(mode) };
}
