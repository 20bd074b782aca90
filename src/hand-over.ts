import { closeSync as close, openSync as open } from 'node:fs';

import type { CodeFiles } from './addon.js';
import { isMainThread } from './main-thread.js';

// The program may replace them later.
const openSync = open;
const closeSync = close;

/** Deno's node:fs knows only the fds that it opened. */
export const knowsEveryFd = process.versions['deno'] === undefined;

/** Whether the program may close any fd, and not only those that the runtime opened. */
export const mayCloseAny = knowsEveryFd && isMainThread;

/** An fd that the runtime itself has opened. Only its number is used, so any file will do. */
function knownNumber(): number | undefined {
  try {
    return openSync('/', 'r');
  } catch {
    return undefined; // --permission may refuse it, or Deno without --allow-read
  }
}

/** Puts the file under a number that the runtime knows. Undefined where there is none. */
export function moved(native: CodeFiles, fd: number): number | undefined {
  const number = knownNumber();
  if (number === undefined) return undefined;
  if (native.moveFd(fd, number) >= 0) return number;
  closeSync(number);
  return undefined;
}

/**
 * Gives an fd to the program, which must close the number that this returns.
 *
 * A Worker closes what Node has opened in it when it ends, and warns when the program closes
 * anything else. So in a Worker the file gets a number that Node has opened.
 */
export function handOver(native: CodeFiles, fd: number): number {
  const number = mayCloseAny ? undefined : moved(native, fd);
  if (number === undefined) native.disown(fd);
  return number ?? fd;
}
