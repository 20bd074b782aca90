/**
 * Ways that act between a check and the use of what was checked. Functions of the program run while
 * Node constructs a Worker, or replaces the process. The programs are in between/. `dropped.cjs`
 * may not run.
 */
import { programsIn } from '../../support/programs.js';
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

const text = programsIn(new URL('between/', import.meta.url));

export const betweenWays: readonly WayIn[] = rows.map(([file, ...args]) => ({
  name: [file, ...args].join(' '),
  kind: 'file',
  args: [file, ...args],
  files: { [file]: text(file) },
}));
