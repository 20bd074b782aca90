import { readFileSync } from 'node:fs';

import { preloadPath } from '../preload/inherit/preload-option.js';
import { fileOption, parseNodeOptions, parseWords, type GivenOption } from '../tables/words.js';

/** What a process was started with, for the program may have changed process.env since. */
function startedWith(what: 'cmdline' | 'environ'): string[] {
  const text = readFileSync(`/proc/self/${what}`, 'utf8');
  return text.split('\0').slice(0, -1);
}

/** Whether code, or more options, came in by it. A preload that is mayexec's own is none. */
function acts({ name, row, value }: GivenOption): boolean {
  if (name === '--require' && value === preloadPath()) return false;
  return row?.effect !== 'harmless' && row?.effect !== 'weakens-strict';
}

/**
 * What acted on this very Node before any of its code could look, in words; or
 * undefined. Throws node:fs's errors without /proc.
 */
export function actedBefore(): string | undefined {
  const argv = startedWith('cmdline');
  const nodeOptions = startedWith('environ').find((entry) => entry.startsWith('NODE_OPTIONS='));
  const inherited = parseNodeOptions(nodeOptions?.slice('NODE_OPTIONS='.length) ?? '').find(acts);
  if (inherited !== undefined) return `${inherited.name} in NODE_OPTIONS`;
  const own = parseWords(argv, 1).options.find(acts);
  return own?.name ?? fileOption(argv)?.name;
}
