import { resolve } from 'node:path';

import { programHere } from '../audit-source.js';
import { textOf, type LogFiles } from '../log-files.js';
import { parseWords } from '../tables/words.js';
import { isMainThread } from '../main-thread.js';

/**
 * The main script of the process, by its path, or what stands in its place. A Worker looks into
 * the command line that the kernel keeps: undefined where the program has put a title there.
 */
export function programOfProcess(files: LogFiles): string | undefined {
  if (isMainThread) return programHere() ?? '[stdin]';
  const words = (textOf(files, '/proc/self/cmdline') ?? '').split('\0').slice(0, -1);
  if (words[0] !== process.argv0) return undefined;
  const { options, program } = parseWords(words, 1);
  if (options.some(({ name }) => name === '--eval')) return '[eval]';
  const script = words[program];
  return script === undefined || script === '-' ? '[stdin]' : resolve(script);
}
