/**
 * Ways in that only the executable has: its Workers start without its main
 * script, and get the preload from a Proxy around Worker. Data, as in ways-in.ts.
 */
import type { WayIn } from '../preload/ways-in.js';
import { programsIn } from '../support/programs.js';

/** Long programs are files of ways/. */
const program = programsIn(new URL('ways/', import.meta.url));

const way = (name: string, text: string, more: Partial<WayIn> = {}): WayIn => ({
  name,
  kind: 'file',
  args: ['program.cjs'],
  files: { 'program.cjs': text, 'empty.cjs': '' },
  ...more,
});

export const executableWays: WayIn[] = [
  way('Worker with -r', program('workers/worker-with-r.cjs')),
  way('Worker with --require=', program('workers/worker-with-require.cjs')),
  way('Worker with --import', program('workers/worker-with-import.cjs')),
  way('Worker with a loader', program('workers/worker-with-a-loader.cjs'), { refusedAnyway: true }),
  way(
    'Worker of code that is an ES module, with --require',
    program('workers/worker-of-code-that-is-an-es-module-with-require.cjs'),
    { kind: 'either' },
  ),
  way(
    'Worker of code that requires a file',
    program('workers/worker-of-code-that-requires-a-file.cjs'),
    { kind: 'either' },
  ),
  way(
    'Worker by the constructor of another',
    program('workers/worker-by-the-constructor-of-another.cjs'),
  ),
  way(
    'Worker after getBuiltinModule has been replaced',
    program('workers/worker-after-getbuiltinmodule-has-been-replaced.cjs'),
  ),
  way(
    'Worker after JSON and encodeURIComponent have been replaced',
    program('workers/worker-after-json-and-encodeuricomponent-have-been-replaced.cjs'),
  ),
  way(
    'Worker with --require after String.prototype has been polluted',
    program('workers/worker-with-require-after-string-prototype-has-been-polluted.cjs'),
  ),
  way(
    'process.execve of the executable with another argv[0]',
    program('workers/process-execve-of-the-executable-with-another-argv-0.cjs'),
  ),
];

/** They never run, because Node reads nothing of what they change. */
export const executableDeadEnds: WayIn[] = [
  way(
    'NODE_OPTIONS that the program sets, and Workers',
    program('dead-ends/node-options-that-the-program-sets-and-workers.cjs'),
  ),
  way(
    'process.execArgv that the program changes, and a Worker',
    program('dead-ends/process-execargv-that-the-program-changes-and-a-worker.cjs'),
  ),
  way(
    'execArgv that answers differently the second time',
    program('dead-ends/execargv-that-answers-differently-the-second-time.cjs'),
  ),
  way('options of Object.prototype', program('dead-ends/options-of-object-prototype.cjs')),
  way('argv[0] of a child process', program('dead-ends/argv-0-of-a-child-process.cjs')),
];
