import {
  closeSync as close,
  fstatSync as fstat,
  openSync as open,
  readSync as read,
  statSync as stat,
  type BigIntStats,
} from 'node:fs';

import { constants } from './constants.js';
import { openPatiently } from './lease.js';

/** The calls that find and open the files of a log. */
export interface LogFiles {
  /** Throws an error with a code. */
  readonly open: (path: string, flags: number, mode: number) => number;
  /** Undefined when there is no such file. */
  readonly stat: (path: string) => BigIntStats | undefined;
}

// The program whose files are checked may replace them later.
const closeSync = close;
const fstatSync = fstat;
const openSync = open;
const readSync = read;
const statSync = stat;

export const FILES: LogFiles = {
  open: openSync,
  stat: (path) => statSync(path, { bigint: true, throwIfNoEntry: false }),
};

/** Neither a fifo nor a terminal stops the program. */
const FLAGS = constants.O_RDONLY | constants.O_CLOEXEC | constants.O_NOCTTY | constants.O_NONBLOCK;
const LARGEST = 1 << 20;

/** The text of a regular file; undefined when there is none, or it cannot be read. */
export function textOf(files: LogFiles, path: string): string | undefined {
  let fd = -1;
  try {
    fd = openPatiently(() => files.open(path, FLAGS, 0));
    if (!fstatSync(fd).isFile()) return undefined;
    let text = '';
    const chunk = Buffer.alloc(1 << 14);
    for (let got = readSync(fd, chunk); got > 0; got = readSync(fd, chunk)) {
      text += chunk.toString('latin1', 0, got);
      if (text.length > LARGEST) return undefined;
    }
    return Buffer.from(text, 'latin1').toString();
  } catch {
    return undefined;
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}
