import { subscribe } from 'node:diagnostics_channel';
import { writeSync as write } from 'node:fs';

import { native } from './lib/native.js';
import type { AuditMessage } from '../audit.js';
import type { Origin } from '../origin.js';
import { causes, fix } from '../denial-advice.js';
import { StringPrototypeSlice } from './lib/primordials.js';
import { printable, quote } from '../quote.js';

/**
 * Keeps lines short, because a URL may have any length. A key of isFirstTime() must have less than
 * 4,096 bytes.
 */
const MAX_TEXT = 1000;

// The program whose files are checked may replace it later.
const writeSync = write;

const shown = (path: string): string => `'${printable(StringPrototypeSlice(path, 0, MAX_TEXT))}'`;

/** The code that comes from no file, by how it comes in. */
const WITHOUT_FILE = {
  __proto__: null,
  eval: 'code on the command line (--eval or --print)',
  stdin: 'code from standard input',
  repl: 'code that is typed into a REPL',
  inspector: 'code that a debugger sends (the inspector)',
  'data-url': 'code in a data: URL',
  url: 'code behind a URL that is no file',
  'worker-eval': 'code that a Worker gets as a string',
} as unknown as Readonly<Record<Origin, string | undefined>>;

/** What would be refused, and how to allow it. */
function subject({ why, verdict, path, origin }: AuditMessage): string {
  if (why !== undefined) return printable(why);
  if (path === undefined) {
    const what = WITHOUT_FILE[origin] ?? `code from no file (${printable(origin)})`;
    return origin === 'inspector' ? what : `${what}; put it into an executable file and run that`;
  }
  const { reason, errno = 'no mechanism' } = verdict;
  const file = shown(path);
  if (reason === undefined) return `${file} (${errno})`;
  return `${file} (${causes[reason]}; ${fix(reason, quote(StringPrototypeSlice(path, 0, MAX_TEXT)))})`;
}

/**
 * Prints a line on standard error for each file, or other item, that would be refused. It prints
 * each line once in the process, on whichever thread.
 */
export function startWarnings(): void {
  subscribe('mayexec:check', (given) => {
    const message = given as AuditMessage;
    if (!message.wouldDeny || message.denied) return;
    try {
      const what = subject(message);
      if (native.isFirstTime(StringPrototypeSlice(what, 0, MAX_TEXT)) === 0) return;
      const importer = message.importers?.[0];
      const by = importer === undefined ? '' : `, imported by ${shown(importer)}`;
      writeSync(2, `mayexec: would be refused: ${what}${by}\n`);
    } catch {
      // stderr is closed. A subscriber must not throw, because that would end the program.
    }
  });
}
