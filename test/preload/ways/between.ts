/**
 * What a program does between a check and the use of what was checked: functions of its own
 * run while Node constructs a Worker, or replaces the process. The programs are in between/.
 * `dropped.cjs` may not run.
 */
import { readFileSync } from 'node:fs';

import type { WayIn } from '../ways-in.js';

const rows: readonly (readonly [file: string, ...args: string[]])[] = [
  ['options-function.cjs'],
  ['options-primitive.cjs'],
  ['environment-accessor.cjs'],
  ['emitter-init.cjs', 'EXEC_ARGV'],
  ['emitter-init.cjs', 'SHARE_ENV'],
  ['new-target.cjs'],
  ['execve-warning.cjs'],
];

const text = (file: string): string =>
  readFileSync(new URL(`between/${file}`, import.meta.url), 'utf8');

export const betweenWays: readonly WayIn[] = rows.map(([file, ...args]) => ({
  name: [file, ...args].join(' '),
  kind: 'file',
  args: [file, ...args],
  files: { [file]: text(file) },
}));
