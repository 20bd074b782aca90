import { writeSync } from 'node:fs';

import { isMainThread } from '../main-thread.js';
import { printable } from '../quote.js';

/** The status of a shell for "found, but cannot be executed". */
export const CANNOT_EXECUTE = 126;

const STACK = '\nRequire stack:\n- ';

// The program can replace process.exit.
// eslint-disable-next-line @typescript-eslint/unbound-method -- it asks for no `this`
const exit: (status: number) => never = process.exit;

/** The message in one line. The require stack becomes a list of the importers. */
function inOneLine(message: string): string {
  const parts = message.split(STACK);
  const stack = parts[1];
  const by = stack === undefined ? '' : `. Asked for by '${stack.replaceAll('\n- ', "', '")}'`;
  return `${parts[0] ?? ''}${by}`.replaceAll('\n', ' ');
}

/**
 * Ends a process with one line on stderr. In a Worker it throws, so that the starter gets
 * an `error` event.
 */
export function endWith(error: Error): never {
  if (!isMainThread) throw error;
  try {
    writeSync(2, `mayexec: ${printable(inOneLine(error.message))}\n`);
  } finally {
    exit(CANNOT_EXECUTE);
  }
}
