import { addon } from '../../addon.js';
import { describeErrno, EAGAIN } from '../../errno.js';
import { printable, warn } from '../terminal.js';

/** Another seal is at work; nothing was changed. */
export class LockError extends Error {
  readonly syscall = 'flock';
}

/**
 * Keeps other seals away until the fd is closed, also by a crash. Two at once would
 * each take the other's changes for somebody else's. Throws LockError.
 */
export function lock(fd: number, name: string): void {
  const result = addon().lockFile(fd);
  if (result === 0) return;
  if (result === EAGAIN) {
    throw new LockError(
      `${printable(name)}: another mayexec seal is at work there; wait until it has ended`,
    );
  }
  // Some network file systems lock no directories.
  const { code } = describeErrno(result);
  warn(`${printable(name)}: cannot be locked (${code}): see to it that no other seal works there`);
}
