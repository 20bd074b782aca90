import { addon } from '../../addon.js';
import { describeErrno, EAGAIN } from '../../errno.js';
import { printable, warn } from '../terminal.js';

/** Another seal is at work. Nothing was changed. */
export class LockError extends Error {
  readonly syscall = 'flock';
}

/**
 * Locks out other seals until the fd is closed, also by a crash. Each of two seals would report the
 * changes of the other. Throws LockError.
 */
export function lock(fd: number, name: string): void {
  const result = addon().lockFile(fd);
  if (result === 0) return;
  if (result === EAGAIN) {
    throw new LockError(
      `${printable(name)}: another mayexec seal is at work there; wait until it has ended`,
    );
  }
  // Some network file systems cannot lock directories.
  const { code } = describeErrno(result);
  warn(`${printable(name)}: cannot be locked (${code}): make sure that no other seal works there`);
}
