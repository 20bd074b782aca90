import { writeSync } from 'node:fs';

import { isMainThread } from './lib/main-thread.js';

/** As a shell's "found, but cannot be executed". */
const CANNOT_EXECUTE = 126;

/**
 * Ends a process in which nothing has run yet, with one line on stderr; in a
 * Worker throws, so that whoever started it gets an `error` event.
 */
export function refuseStart(error: Error): never {
  if (!isMainThread) throw error;
  try {
    writeSync(2, `mayexec: ${error.message.replaceAll('\n', ' ')}\n`);
  } finally {
    process.exit(CANNOT_EXECUTE);
  }
}
