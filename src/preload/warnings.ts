import { subscribe } from 'node:diagnostics_channel';
import { writeSync as write } from 'node:fs';

import { native } from './lib/native.js';
import type { AuditMessage } from '../audit.js';
import { causes, fix } from '../denial-advice.js';
import { StringPrototypeSlice } from './lib/primordials.js';
import { visible } from './lib/visible.js';

/** A URL may be of any length, a line not; and a key of isFirstTime() has less than 4,096 bytes. */
const MAX_TEXT = 1000;

// The program whose files are checked may replace it later.
const writeSync = write;

const shown = (path: string): string => `'${visible(StringPrototypeSlice(path, 0, MAX_TEXT))}'`;

/** What would be refused, and what would change that. */
function subject({ why, verdict, path, operation }: AuditMessage): string {
  if (why !== undefined) return visible(why);
  if (path === undefined) return `code that comes from no file (${operation})`;
  const { reason, errno = 'no mechanism' } = verdict;
  const file = shown(path);
  if (reason === undefined) return `${file} (${errno})`;
  return `${file} (${causes[reason]}; ${fix(reason, file)})`;
}

/**
 * A line on standard error for each file, or other thing, that would be refused: once in
 * the process, whichever thread asks.
 */
export function startWarnings(): void {
  subscribe('mayexec:check', (given) => {
    const message = given as AuditMessage;
    if (!message.wouldDeny || message.denied) return;
    try {
      const what = subject(message);
      if (native.isFirstTime(StringPrototypeSlice(what, 0, MAX_TEXT)) === 0) return;
      const importer = message.importers?.[0];
      const by = importer === undefined ? '' : `, asked for by ${shown(importer)}`;
      writeSync(2, `mayexec: would be refused: ${what}${by}\n`);
    } catch {
      // A subscriber that throws would end the program, and nobody reads a closed stderr.
    }
  });
}
