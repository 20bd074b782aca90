import { fstatSync as fstat } from 'node:fs';

const fstatSync = fstat;
const toStringOf = String;

/**
 * A path to an open file by which the system's loader finds that very file.
 *
 * The loader remembers libraries by the path they were opened with, and fd numbers are
 * reused. So the path contains the file's identity: no other file has its inode while the
 * library is loaded.
 */
export function aliasOf(fd: number): string {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  let alias = '/proc/self/fd/';
  for (let rest = (dev << 64n) | ino; rest > 0n; rest >>= 1n) {
    alias += (rest & 1n) === 1n ? './' : '/';
  }
  return alias + toStringOf(fd);
}
