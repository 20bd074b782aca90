import { writeSync } from 'node:fs';

import { isMainThread } from './lib/main-thread.js';

/** The status of a shell for "found, but cannot be executed". */
const CANNOT_EXECUTE = 126;

// The program can replace process.exit.
// eslint-disable-next-line @typescript-eslint/unbound-method -- it asks for no `this`
const exit: (status: number) => never = process.exit;

/**
 * Ends a process with one line on stderr. In a Worker it throws, so that the starter gets
 * an `error` event.
 */
export function endWith(error: Error): never {
  if (!isMainThread) throw error;
  try {
    writeSync(2, `mayexec: ${error.message.replaceAll('\n', ' ')}\n`);
  } finally {
    exit(CANNOT_EXECUTE);
  }
}
