import { resolve } from 'node:path';

import { programHere } from '../audit-source.js';
import { textOf, type LogFiles } from '../log-files.js';
import { parseWords } from '../tables/words.js';
import { isMainThread } from '../main-thread.js';

/**
 * The path of the process's main script, or Node's name for code without a file. A Worker reads the
 * command line that the kernel keeps. Undefined where the program has replaced that by a title.
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
