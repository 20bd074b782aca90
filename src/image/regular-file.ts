import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';

import { constants } from '../constants.js';
import { EFTYPE, EISDIR } from '../errno.js';
import { syscallError } from '../errors.js';
import { openPatiently } from '../lease.js';

const FLAGS = constants.O_RDONLY | constants.O_CLOEXEC | constants.O_NOCTTY | constants.O_NONBLOCK;

/**
 * Reads a file of an application. It does not wait for the writer of a fifo, because whoever may
 * write into the application could put one there. Throws node:fs's errors, and FileTypeError for
 * anything but a regular file.
 */
export function readRegularFile(path: string): Buffer {
  const fd = openPatiently(() => openSync(path, FLAGS));
  try {
    if (!fstatSync(fd).isFile()) throw syscallError(EFTYPE, 'read', { path });
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Throws FileTypeError where a rename to this name would replace a device or a pipe, such as
 * /dev/null, and where a directory has it.
 */
export function checkReplaceable(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.isFile()) return;
  throw syscallError(stat.isDirectory() ? EISDIR : EFTYPE, 'rename', { path });
}
