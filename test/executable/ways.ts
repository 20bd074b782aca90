/**
 * Ways in that only the executable has: its Workers start without its main
 * script, and get the preload from a Proxy around Worker. Data, as in ways-in.ts.
 */
import type { WayIn } from '../preload/ways-in.js';

const way = (name: string, text: string, more: Partial<WayIn> = {}): WayIn => ({
  name,
  kind: 'file',
  args: ['program.cjs'],
  files: { 'program.cjs': text, 'empty.cjs': '' },
  ...more,
});
const NEW = `new (require('worker_threads').Worker)`;
const DROPPED = `__dirname + '/dropped.cjs'`;
const EMPTY = `__dirname + '/empty.cjs'`;

export const executableWays: WayIn[] = [
  way('Worker with -r', `${NEW}(${EMPTY}, { execArgv: ['-r', ${DROPPED}] })`),
  way('Worker with --require=', `${NEW}(${EMPTY}, { execArgv: ['--require=' + ${DROPPED}] })`),
  way('Worker with --import', `${NEW}(${EMPTY}, { execArgv: ['--import', ${DROPPED}] })`),
  way(
    'Worker with a loader',
    `${NEW}(${EMPTY}, { execArgv: ['--experimental_loader', __dirname + '/dropped-loader.mjs'] })`,
    { refusedAnyway: true },
  ),
  way(
    'Worker of code that is an ES module, with --require',
    `${NEW}('', { eval: true, execArgv: ['--input-type=module', '--require', ${DROPPED}] })`,
    { kind: 'either' },
  ),
  way(
    'Worker of code that requires a file',
    `${NEW}(\`require(\${JSON.stringify(${DROPPED})})\`, { eval: true })`,
    { kind: 'either' },
  ),
  way(
    'Worker by the constructor of another',
    `const w = ${NEW}(${EMPTY}); new w.constructor(${DROPPED}, { execArgv: [] })`,
  ),
  way(
    'Worker after getBuiltinModule has been replaced',
    `const { Worker } = require('worker_threads'); process.getBuiltinModule = () => ({ getAsset: () => '' }); new Worker(${DROPPED})`,
  ),
  way(
    'Worker after JSON and encodeURIComponent have been replaced',
    `const { Worker } = require('worker_threads'); JSON.stringify = () => '0'; globalThis.encodeURIComponent = () => '1'; new Worker(${DROPPED})`,
  ),
  way(
    'Worker with --require after String.prototype has been polluted',
    `const { Worker } = require('worker_threads'); String.prototype.indexOf = () => -1; String.prototype.slice = String.prototype.charAt = () => ''; String.prototype.startsWith = () => false; new Worker(${EMPTY}, { execArgv: ['--require=' + ${DROPPED}] })`,
  ),
  way(
    'process.execve of the executable with another argv[0]',
    `process.execve(process.execPath, ['--require=' + ${DROPPED}, ${DROPPED}])`,
  ),
];

/** They never run: nothing of what they change is looked at. */
export const executableDeadEnds: WayIn[] = [
  way(
    'NODE_OPTIONS that the program sets, and Workers',
    `process.env.NODE_OPTIONS = '--require=' + ${DROPPED}; const { SHARE_ENV } = require('worker_threads'); ${NEW}(${EMPTY}); ${NEW}(${EMPTY}, { execArgv: [] }); ${NEW}(${EMPTY}, { env: SHARE_ENV }); ${NEW}('', { eval: true, execArgv: [] })`,
  ),
  way(
    'process.execArgv that the program changes, and a Worker',
    `process.execArgv.push('--require', ${DROPPED}); ${NEW}(${EMPTY})`,
  ),
  way(
    'execArgv that answers differently the second time',
    `let asked = 0; ${NEW}(${EMPTY}, { execArgv: new Proxy(['--no-warnings'], { get: (t, k) => (k === '0' && asked++ > 0 ? '--require=' + ${DROPPED} : t[k]) }) })`,
  ),
  way(
    'options of Object.prototype',
    `for (const [k, value] of [['execArgv', ['--require=' + ${DROPPED}]], ['env', { NODE_OPTIONS: '--require=' + ${DROPPED} }]]) Object.defineProperty(Object.prototype, k, { value }); ${NEW}(${EMPTY})`,
  ),
  way(
    'argv[0] of a child process',
    `require('child_process').spawnSync(process.execPath, [${EMPTY}], { argv0: '--require=' + ${DROPPED}, stdio: 'inherit' })`,
  ),
];
