import { closeSync as close, openSync as open } from 'node:fs';

import type { CodeFiles } from './addon.js';
import { isMainThread } from './main-thread.js';

// The program may replace them later.
const openSync = open;
const closeSync = close;

/** An fd that Node has opened. The caller wants only its number, so any file will do. */
function numberOfNode(): number | undefined {
  try {
    return openSync('/', 'r');
  } catch {
    return undefined; // --permission may refuse it
  }
}

/**
 * Gives an fd to the program, which must close the number that this returns.
 *
 * A Worker closes what Node has opened in it when it ends, and warns when the program closes
 * anything else. So in a Worker the file gets a number that Node has opened.
 */
export function handOver(native: CodeFiles, fd: number): number {
  const number = isMainThread ? undefined : numberOfNode();
  if (number === undefined) {
    native.disown(fd);
    return fd;
  }
  if (native.moveFd(fd, number) >= 0) return number;
  closeSync(number);
  native.disown(fd);
  return fd;
}
