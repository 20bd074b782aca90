import { hash } from 'node:crypto';
import { fstatSync, type BigIntStats } from 'node:fs';

import { addon } from '../../addon.js';
import { describeErrno, ENOENT } from '../../errno.js';
import { syscallError } from '../../errors.js';
import { toKernel, type TreePath } from './path.js';
import { INSIDE, TO_READ } from './walk.js';

/**
 * Which open file it is, in decimal: an inode number may exceed what a double holds. It
 * tells nothing about a later file: numbers are given out again.
 */
export interface Identity {
  dev: string;
  ino: string;
}

/**
 * Opens a file beneath the root without following a link; not O_PATH, which
 * fchmod(2) refuses. Undefined when there is none, or the errno's name.
 */
export function openFile(root: number, path: TreePath): number | string | undefined {
  const fd = addon().openat2Sync(root, toKernel(path), TO_READ, 0n, INSIDE);
  if (fd >= 0) return fd;
  return fd === ENOENT ? undefined : describeErrno(fd).code;
}

/** What decides about an open file. */
export interface FileState extends Identity {
  regular: boolean;
  mode: number;
  links: bigint;
  /** Changes with each write to the file. */
  version: string;
}

export function stateOf(fd: number): FileState {
  const stat: BigIntStats = fstatSync(fd, { bigint: true });
  return {
    dev: String(stat.dev),
    ino: String(stat.ino),
    regular: stat.isFile(),
    mode: Number(stat.mode & 0o7777n),
    links: stat.nlink,
    version: `${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`,
  };
}

/** SHA-256 of what a regular file holds, in hexadecimal. Throws node:fs's errors, by name. */
export function sha256Of(fd: number): string {
  const bytes = addon().readFileSync(fd);
  if (typeof bytes !== 'number') return hash('sha256', bytes);
  throw syscallError(bytes, 'read', { fd });
}

export function isSame(one: Identity, other: Identity): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

export function keyOf({ dev, ino }: Identity): string {
  return `${dev}:${ino}`;
}

export function errnoOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'EIO';
}
