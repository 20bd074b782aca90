import { readFileSync } from 'node:fs';

import { preloadPath } from '../preload/inherit/preload-option.js';
import { fileOption, parseNodeOptions, parseWords, type GivenOption } from '../tables/words.js';

/**
 * The arguments or environment that this process was started with. The program may have changed
 * process.env.
 */
function startedWith(what: 'cmdline' | 'environ'): string[] {
  const text = readFileSync(`/proc/self/${what}`, 'utf8');
  return text.split('\0').slice(0, -1);
}

/** Whether this option brought in code or more options. mayexec's own preload does not count. */
function acts({ name, row, value }: GivenOption): boolean {
  if (name === '--require' && value === preloadPath()) return false;
  return row?.effect !== 'harmless' && row?.effect !== 'weakens-strict';
}

/** The option in NODE_OPTIONS that acted on this Node before any code of mayexec ran, in words. */
export function actedInNodeOptions(): string | undefined {
  const nodeOptions = startedWith('environ').find((entry) => entry.startsWith('NODE_OPTIONS='));
  const found = parseNodeOptions(nodeOptions?.slice('NODE_OPTIONS='.length) ?? '').find(acts);
  return found === undefined ? undefined : `${found.name} in NODE_OPTIONS`;
}

/**
 * The option or variable that acted on this Node before any code of mayexec ran, in words, or
 * undefined. Throws node:fs's errors without /proc.
 */
export function actedBefore(): string | undefined {
  const inherited = actedInNodeOptions();
  if (inherited !== undefined) return inherited;
  const argv = startedWith('cmdline');
  const own = parseWords(argv, 1).options.find(acts);
  return own?.name ?? fileOption(argv)?.name;
}

/** The launcher's words for what acted on the Node of `mayexec run`. It refuses the start. */
export function actedBeforeWords(what: string | undefined, launcher: string): string[] {
  if (what === undefined) return [];
  return [
    '--acted-before',
    `${what} acts on the Node that runs \`mayexec run\` itself, before any check. Leave it out, or start the program with '${launcher}', which does not run in Node`,
  ];
}
