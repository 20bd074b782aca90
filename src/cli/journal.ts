import { closeSync, fstatSync, fsyncSync, ftruncateSync, unlinkSync, writeSync } from 'node:fs';

import { addon } from '../addon.js';
import { constants } from '../constants.js';
import { syscallError } from '../errors.js';
import { openat2Sync } from '../openat2.js';
import type { TreePath } from './tree-records.js';

/** One change of a mode, as it is written down before it is made. */
export interface Entry {
  path: TreePath;
  /** Which file it was, in decimal: an inode number may exceed what a double holds. */
  dev: string;
  ino: string;
  from: number;
  to: number;
}

/** The mode of a sealed file: x for everyone who has r. */
export function sealedMode(mode: number): number {
  return mode | ((mode & 0o444) >> 2);
}

/** The journal cannot be used as it is; nothing was changed. */
export class JournalError extends Error {
  readonly syscall = 'journal';
}

/**
 * The journal of `seal`: JSON lines, each written and on the disk before the
 * mode that it tells of is changed. A process that is killed leaves at most a
 * last line without an end, whose change was never made.
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
   * Opens the journal of that name in a directory, whose fd stays the caller's
   * to close after it. With `create` it is made if there is none, for appending.
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
      const journal = new Journal(directory, name, fd);
      if (create) {
        journal.#cutUnfinishedLine();
        // Its name has to be on the disk before the first change, too.
        fsyncSync(directory);
      }
      return journal;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** Writes the entries down; when it returns, they are on the disk. */
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
    // What follows the last line's end is empty, or was never finished.
    lines.pop();
    return lines.map((line, i) => {
      const entry = parse(line);
      if (entry === undefined) {
        throw new JournalError(`${this.#name}: line ${i + 1} is not of a journal of mayexec seal`);
      }
      return entry;
    });
  }

  /** Takes it away, once everything in it is undone. */
  remove(): void {
    fsyncSync(this.#directory);
    unlinkSync(`/proc/self/fd/${this.#directory}/${this.#name}`);
    fsyncSync(this.#directory);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Modes are restored by what the journal says, so nobody else may have a say in it. */
function trust(name: string, fd: number): void {
  const { mode, uid, nlink } = fstatSync(fd);
  const isFile = (mode & 0o170000) === 0o100000;
  if (!isFile || uid !== process.geteuid?.() || nlink !== 1 || (mode & 0o022) !== 0) {
    throw new JournalError(
      `${name}: a journal has to be a regular file of this user, under one name, that nobody else can write`,
    );
  }
}

function format({ path, dev, ino, from, to }: Entry): string {
  const name = typeof path === 'string' ? { path } : { pathBase64: path.toString('base64') };
  return JSON.stringify({ ...name, dev, ino, from: octal(from), to: octal(to) });
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
  const [dev, ino, from, to] = ['dev', 'ino', 'from', 'to'].map((name) => fields[name]);
  if (
    typeof dev !== 'string' ||
    typeof ino !== 'string' ||
    typeof from !== 'string' ||
    typeof to !== 'string' ||
    !/^\d+$/.test(dev) ||
    !/^\d+$/.test(ino) ||
    !/^[0-7]{4}$/.test(from)
  ) {
    return undefined;
  }
  const mode = Number.parseInt(from, 8);
  // Nothing but what seal does can be undone: a forged line takes x away, at most.
  if (to !== octal(sealedMode(mode))) return undefined;
  const path =
    typeof fields['pathBase64'] === 'string'
      ? Buffer.from(fields['pathBase64'], 'base64')
      : fields['path'];
  if (typeof path !== 'string' && !Buffer.isBuffer(path)) return undefined;
  if (path.length === 0 || path.includes('\0')) return undefined;
  return { path, dev, ino, from: mode, to: sealedMode(mode) };
}
