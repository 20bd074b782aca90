import { createHash, hash } from 'node:crypto';
import { fstatSync, readSync, type BigIntStats } from 'node:fs';

import { describeErrno, ENOENT } from '../../errno.js';
import type { TreePath } from './path.js';
import { openInside, TO_READ } from './open.js';

/**
 * The identity of an open file, in decimal because an inode number may not fit into a double. It
 * does not identify a later file, because numbers are reused.
 */
export interface Identity {
  dev: string;
  ino: string;
}

/**
 * Opens a file beneath the root without following a link. It does not use O_PATH, because fchmod(2)
 * refuses that. Returns the fd, undefined for a missing file, or the errno's name.
 */
export function openFile(root: number, path: TreePath): number | string | undefined {
  const fd = openInside(root, path, TO_READ);
  if (fd >= 0) return fd;
  return fd === ENOENT ? undefined : describeErrno(fd).code;
}

/** The facts that decide about an open file. */
export interface FileState extends Identity {
  regular: boolean;
  mode: number;
  links: bigint;
  owner: number;
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
    owner: Number(stat.uid),
    version: `${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`,
  };
}

const buffer = Buffer.allocUnsafeSlow(1 << 20);

/**
 * Fills the buffer from an offset on, or until the end of the file. Returns the number of bytes.
 */
function fill(fd: number, from: number): number {
  let length = 0;
  while (length < buffer.length) {
    const got = readSync(fd, buffer, length, buffer.length - length, from + length);
    if (got === 0) break;
    length += got;
  }
  return length;
}

/** SHA-256 of a regular file, in hexadecimal. Throws node:fs's errors. */
export function sha256Of(fd: number): string {
  let length = fill(fd, 0);
  if (length < buffer.length) return hash('sha256', buffer.subarray(0, length));
  const sum = createHash('sha256');
  for (let at = 0; length > 0; at += length, length = fill(fd, at)) {
    sum.update(buffer.subarray(0, length));
  }
  return sum.digest('hex');
}

/** Whether a value is a SHA-256 as sha256Of returns it. */
export function isSha256(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
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
