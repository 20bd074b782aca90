/**
 * The ways by which something becomes code in Node, as data. `dropped.*` is what
 * an attacker left behind: files without an x bit, which print RAN when they
 * run. Every other file is the program, which may be run.
 */
import { programsIn } from '../support/programs.js';
import type { Major } from './versions.js';

/** Long programs are files of ways/. */
export const program = programsIn(new URL('ways/', import.meta.url));

const route = (file: string): Record<string, string> => ({ [file]: program(`routes/${file}`) });

/**
 * Which securebit refuses it: a file that fails its check, code that comes from
 * no file, or both of them.
 */
export type Kind = 'file' | 'interactive' | 'either';

export interface WayIn {
  name: string;
  kind: Kind;
  args: string[];
  /** The program, by file name. */
  files?: Record<string, string>;
  /** Code written to standard input, or the file that is standard input. */
  input?: string;
  stdinFile?: string;
  env?: Record<string, string>;
  /** What it prints when it would wait for ever. */
  endsAt?: string;
  /** Only where Node has it. */
  since?: Major;
  until?: Major;
  /** Refused under a restriction even when the dropped file may run. */
  refusedAnyway?: true;
  /** Its code is approved, but has lost the preload. An executable of build-node has its own. */
  onlyLosesPreload?: boolean;
}

/** What was dropped, beside the binaries of fixture.ts. */
export const dropped: Record<string, string> = {
  'dropped.cjs': `require('fs').writeSync(1, 'RAN\\n'); exports.x = 1;`,
  'dropped.mjs': `import { writeSync } from 'node:fs'; writeSync(1, 'RAN\\n'); export const x = 1;`,
  'dropped.js': `require('fs').writeSync(1, 'RAN\\n');`,
  'dropped-esm.js': `import { writeSync } from 'node:fs'; writeSync(1, 'RAN\\n');`,
  dropped: `require('fs').writeSync(1, 'RAN\\n');`,
  'dropped.foo': `require('fs').writeSync(1, 'RAN\\n');`,
  'dropped.ts': `const s: string = 'RAN\\n'; require('fs').writeSync(1, s);`,
  'dropped.cts': `const s: string = 'RAN\\n'; require('fs').writeSync(1, s);`,
  'dropped.mts': `import { writeSync } from 'node:fs'; const s: string = 'RAN\\n'; writeSync(1, s);`,
  'dropped.test.cjs': `console.log('RAN')`,
  'dropped-loader.mjs': program('dropped-loader.mjs'),
  'dropped-worker.cjs': `require('fs').writeSync(1, 'RAN\\n');`,
  ...route('snapshots.cjs.snapshot'),
  'names/os': `require('fs').writeSync(1, 'RAN\\n');`,
  'folder/index.js': `require('fs').writeSync(1, 'RAN\\n');`,
  'node_modules/dropped-package/lib.js': `require('fs').writeSync(1, 'RAN\\n');`,
};

/** Files that Node reads as data, with any mode. */
export const data: Record<string, string> = {
  'node_modules/dropped-package/package.json': '{"main":"lib.js"}',
  'package.json': '{"scripts":{"dropped":"node dropped.cjs"}}',
  '.env.dropped': 'NODE_OPTIONS=--require ./dropped.cjs\n',
  'dropped.config.json': '{"nodeOptions":{"import":["./dropped.mjs"]}}',
};

export const CODE = `require('fs').writeSync(1, 'RAN\\n')`;
const ESM = `import { writeSync } from 'node:fs'; writeSync(1, 'RAN\\n')`;
const DATA_URL = `data:text/javascript,${encodeURIComponent(ESM)}`;

/** A program of one file. */
export const cjs = (name: string, text: string, more: Partial<WayIn> = {}): WayIn => ({
  name,
  kind: 'file',
  args: ['program.cjs'],
  ...more,
  files: { 'program.cjs': text, ...more.files },
});
export const esm = (name: string, text: string, more: Partial<WayIn> = {}): WayIn => ({
  name,
  kind: 'file',
  args: ['program.mjs'],
  ...more,
  files: { 'program.mjs': text, ...more.files },
});
export const entry = (name: string, args: string[], more: Partial<WayIn> = {}): WayIn => ({
  name,
  kind: 'file',
  args,
  ...more,
});
const empty = { 'empty.cjs': '' };

/** A file system of the program's own making: nothing that could be checked is behind it. */
const VFS_OPTIONS: Partial<WayIn> = {
  since: 26,
  args: ['--experimental-vfs', 'program.cjs'],
  refusedAnyway: true,
};

/** Shared objects in such a file system, which Node loads from memory. */
const virtualAddons = [
  ['an addon in node:vfs, by require', ['virtual-addon.cjs', 'require']],
  ['an addon in node:vfs, by process.dlopen', ['virtual-addon.cjs', 'dlopen']],
  ['an addon in node:vfs, in a Worker', ['virtual-addon-in-worker.cjs']],
].map(([name, args]): WayIn => ({
  ...VFS_OPTIONS,
  name: name as string,
  kind: 'file',
  args: ['--experimental-vfs', ...(args as string[])],
  files: { ...route('virtual-addon.cjs'), ...route('virtual-addon-in-worker.cjs') },
}));

/** Tried in each of the kernel's four cases. */
export const waysIn: WayIn[] = [
  entry('entry point, .cjs', ['dropped.cjs']),
  entry('entry point, .mjs', ['dropped.mjs']),
  entry('entry point, .js with ESM syntax', ['dropped-esm.js']),
  entry('entry point without extension', ['dropped']),
  entry('entry point with an unknown extension', ['dropped.foo']),
  entry('entry point that is a symlink', ['link.cjs']),
  entry('entry point, .ts', ['dropped.ts']),
  cjs('require', `require('./dropped.cjs')`),
  cjs('require of ESM', `require('./dropped.mjs')`),
  cjs('require of a directory index', `require('./folder')`),
  cjs('require through package.json main', `require('dropped-package')`),
  cjs('import() from CommonJS', `import('./dropped.mjs')`),
  esm('import', `import './dropped.mjs'`),
  esm('import of CommonJS', `import './dropped.cjs'`),
  esm('import, then what that requires', `import './approved.cjs'`, {
    files: { 'approved.cjs': `require('./dropped.cjs')` },
  }),
  esm('createRequire', program('in/create-require.mjs')),
  cjs('dlopen by require', program('in/dlopen-by-require.cjs')),
  cjs('process.dlopen', program('in/process-dlopen.cjs')),
  esm('WebAssembly import', `import './dropped.wasm'; `, {
    args: ['--experimental-wasm-modules', 'program.mjs'],
    files: { 'ran.mjs': program('in/webassembly-import-ran.mjs') },
  }),
  entry('--require after the preload', ['--require', './dropped.cjs', 'empty.cjs'], {
    files: empty,
  }),
  entry('--import after the preload', ['--import', './dropped.mjs', 'empty.cjs'], { files: empty }),
  entry('NODE_REPL_EXTERNAL_MODULE', ['-i'], {
    kind: 'either',
    env: { NODE_REPL_EXTERNAL_MODULE: './dropped.cjs' },
  }),
  cjs('Worker', `new (require('worker_threads').Worker)(__dirname + '/dropped-worker.cjs')`),
  cjs(
    'Worker without arguments and environment',
    program('in/worker-without-arguments-and-environment.cjs'),
  ),
  cjs('fork', `require('child_process').fork(__dirname + '/dropped.cjs')`),
  cjs(
    'fork without arguments and environment',
    program('in/fork-without-arguments-and-environment.cjs'),
  ),
  cjs('exec', program('in/exec.cjs')),
  cjs('spawnSync without environment', program('in/spawnsync-without-environment.cjs')),
  cjs('process.execve', program('in/process-execve.cjs')),
  cjs('cluster', program('in/cluster.cjs')),
  cjs(
    'registerHooks that loads another file',
    program('in/registerhooks-that-loads-another-file.cjs'),
  ),
  cjs('module.register of a data: URL', program('in/module-register-of-a-data-url.cjs'), {
    kind: 'either',
  }),
  entry('-e', ['-e', CODE], { kind: 'interactive' }),
  entry('-p', ['-p', CODE], { kind: 'interactive' }),
  entry('--eval=', [`--eval=${CODE}`], { kind: 'interactive' }),
  entry('-e as ESM', ['--input-type=module', '-e', ESM], { kind: 'interactive' }),
  entry('-e that requires a file', ['-e', `require('./dropped.cjs')`], { kind: 'either' }),
  entry('stdin, a pipe', [], { kind: 'interactive', input: CODE }),
  entry('stdin as -', ['-'], { kind: 'interactive', input: CODE }),
  entry('stdin, a file that may not run', [], { kind: 'interactive', stdinFile: 'dropped.cjs' }),
  entry('-i', ['-i'], { kind: 'interactive', input: `${CODE}\n` }),
  cjs('data: import', program('in/data-import.cjs'), { kind: 'interactive' }),
  cjs('data: import of a file', program('in/data-import-of-a-file.cjs'), { kind: 'either' }),
  cjs('Worker eval', program('in/worker-eval.cjs'), { kind: 'interactive' }),
  cjs('Worker of a data: URL', program('in/worker-of-a-data-url.cjs'), { kind: 'interactive' }),
  entry('--inspect', ['--inspect=127.0.0.1:0', 'ran.cjs'], {
    kind: 'interactive',
    files: { 'ran.cjs': CODE },
  }),
];

/** Tried without mayexec, and with everything restricted. */
export const routes: WayIn[] = [
  cjs(
    'Worker with options of a prototype',
    program('routes/worker-with-options-of-a-prototype.cjs'),
  ),
  cjs('Worker with inherited options', program('routes/worker-with-inherited-options.cjs')),
  cjs(
    'registerHooks by the class of its handle',
    program('routes/registerhooks-by-the-class-of-its-handle.cjs'),
    { refusedAnyway: true },
  ),
  entry('entry point, .js', ['dropped.js']),
  entry('entry point through a symlinked directory', ['linked/dropped.cjs']),
  entry('entry point that is a directory', ['./folder']),
  entry('entry point, .cts', ['dropped.cts']),
  entry('entry point, .mts', ['dropped.mts']),
  entry('entry point as a file: URL', ['--entry-url', 'file:dropped.mjs']),
  cjs('require of an absolute path', `require(__dirname + '/dropped.js')`),
  cjs('require without extension', `require('./dropped')`),
  cjs('require of an unknown extension', `require('./dropped.foo')`),
  cjs('require of TypeScript', `require('./dropped.ts')`),
  cjs('require through a symlink', `require('./link.cjs')`),
  cjs(
    'require in a caught attempt',
    `try { require('./dropped.cjs') } catch {} require('./dropped.cjs')`,
  ),
  cjs('import() of CommonJS', `import('./dropped.cjs')`),
  esm('import with a query', `import './dropped.mjs?x=1#y'`),
  esm('import of an escaped name', `import './dropped%2Emjs'`),
  esm('import of TypeScript', `import './dropped.mts'`),
  esm('import()', `await import('./dropped.mjs')`),
  esm('import of a re-export', `export * from './dropped.mjs'`),
  esm('import of CommonJS that re-exports', `import { x } from './reexport.cjs'`, {
    files: {
      'reexport.cjs': `module.exports = require('./dropped.cjs')`,
    },
  }),
  cjs('Module#load', `const M = require('module'); new M('x').load(__dirname + '/dropped.cjs')`),
  cjs('Module._load', `require('module')._load(__dirname + '/dropped.cjs')`),
  cjs('Module._extensions', program('routes/module-extensions.cjs')),
  cjs(
    'Module._extensions with a relative path',
    `const M = require('module'); M._extensions['.js'](new M('x'), './dropped.cjs')`,
  ),
  cjs(
    'Module._extensions with a builtin name',
    program('routes/module-extensions-with-a-builtin-name.cjs'),
    {
      refusedAnyway: true,
    },
  ),
  cjs('Module.runMain', program('routes/module-runmain.cjs')),
  cjs(
    'process.dlopen of another extension',
    program('routes/process-dlopen-of-another-extension.cjs'),
  ),
  esm('import of an addon', program('routes/import-of-an-addon.mjs'), {
    args: ['--experimental-addon-modules', 'program.mjs'],
  }),
  esm('WebAssembly in the source phase', program('routes/webassembly-in-the-source-phase.mjs'), {
    since: 24,
    files: {
      'source-phase.mjs': `import source m from './dropped.wasm'; export { m };`,
      'ran.mjs': program('in/webassembly-import-ran.mjs'),
    },
  }),
  cjs('node:sqlite loadExtension', program('routes/node-sqlite-loadextension.cjs')),
  cjs('node:ffi dlopen', `const f = require('node:ffi'); f.dlopen(__dirname + '/dropped.so', {})`, {
    since: 26,
    args: ['--experimental-ffi', 'program.cjs'],
  }),
  cjs('crypto.setEngine', program('routes/crypto-setengine.cjs')),
  cjs('Worker with a preload of its own', program('routes/worker-with-a-preload-of-its-own.cjs'), {
    files: {
      ...empty,
    },
  }),
  cjs(
    'Worker with NODE_OPTIONS of its own',
    program('routes/worker-with-node-options-of-its-own.cjs'),
    {
      files: {
        ...empty,
      },
    },
  ),
  cjs('Worker by its prototype', program('routes/worker-by-its-prototype.cjs')),
  cjs('subclass of Worker', program('routes/subclass-of-worker.cjs')),
  cjs('Worker in a Worker', program('routes/worker-in-a-worker.cjs'), {
    files: {
      'approved-worker.cjs': program('in/worker-without-arguments-and-environment.cjs'),
    },
  }),
  cjs('spawn without environment', program('routes/spawn-without-environment.cjs')),
  cjs('execFile without environment', program('routes/execfile-without-environment.cjs')),
  cjs('spawnSync without options', program('routes/spawnsync-without-options.cjs')),
  cjs('execFileSync without environment', program('routes/execfilesync-without-environment.cjs')),
  cjs('execFileSync without arguments', program('routes/execfilesync-without-arguments.cjs'), {
    kind: 'either',
  }),
  cjs('execSync', program('routes/execsync.cjs')),
  cjs(
    'execSync with NODE_OPTIONS deleted',
    program('routes/execsync-with-node-options-deleted.cjs'),
  ),
  cjs('fork with a preload of its own', program('routes/fork-with-a-preload-of-its-own.cjs'), {
    files: {
      ...empty,
    },
  }),
  cjs(
    'fork with NODE_OPTIONS of its own',
    program('routes/fork-with-node-options-of-its-own.cjs'),
    {
      files: {
        ...empty,
      },
    },
  ),
  entry('--test', ['--test', 'dropped.test.cjs']),
  entry('--test-reporter', ['--test', '--test-reporter=./dropped.mjs', 'empty.cjs'], {
    files: empty,
  }),
  entry('--run of a script that starts Node', ['--run', 'dropped']),
  entry('--watch', ['--watch', 'dropped.cjs'], { endsAt: 'dropped.cjs' }),
  cjs('module.register', program('routes/module-register.cjs'), {
    refusedAnyway: true,
  }),
  cjs('node:vfs, by require', program('routes/node-vfs-by-require.cjs'), VFS_OPTIONS),
  cjs('node:vfs, by import', program('routes/node-vfs-by-import.cjs'), VFS_OPTIONS),
  ...virtualAddons,
  entry("a file of node:test's snapshots", ['snapshots.cjs'], { files: route('snapshots.cjs') }),
  cjs(
    'registerHooks that resolves to another file',
    program('routes/registerhooks-that-resolves-to-another-file.cjs'),
    {
      files: {
        'approved.cjs': '',
      },
    },
  ),
  cjs(
    'registerHooks that short-circuits with the file',
    program('routes/registerhooks-that-short-circuits-with-the-file.cjs'),
  ),
  cjs(
    'registerHooks that calls data code',
    program('routes/registerhooks-that-calls-data-code.cjs'),
  ),
  cjs(
    'registerHooks in ESM that calls data code',
    program('routes/registerhooks-in-esm-that-calls-data-code.cjs'),
  ),
  cjs('fs patched to give other bytes', program('routes/fs-patched-to-give-other-bytes.cjs')),
  cjs('polluted Array.prototype', program('routes/polluted-array-prototype.cjs'), {
    refusedAnyway: true,
  }),
  cjs('polluted iterators', program('routes/polluted-iterators.cjs')),
  cjs('polluted Object.prototype', program('routes/polluted-object-prototype.cjs')),
  cjs('polluted Object.prototype, import', program('routes/polluted-object-prototype-import.cjs')),
  cjs('polluted String.prototype', program('routes/polluted-string-prototype.cjs')),
  cjs('polluted Array methods', program('routes/polluted-array-methods.cjs')),
  cjs('polluted Function.prototype', program('routes/polluted-function-prototype.cjs')),
  cjs(
    'the addon patched through require.cache',
    program('routes/the-addon-patched-through-require-cache.cjs'),
  ),
  cjs('process.env changed', program('routes/process-env-changed.cjs')),
  entry('-pe', ['-pe', CODE], { kind: 'interactive' }),
  entry('--print', ['--print', CODE], { kind: 'interactive' }),
  entry(
    '-e as TypeScript',
    ['--input-type=commonjs-typescript', '-e', `const a: string = ''; ${CODE}`],
    { kind: 'interactive' },
  ),
  entry('stdin as ESM', ['--input-type=module'], { kind: 'interactive', input: ESM }),
  entry('node inspect', ['inspect', '--port=0', 'dropped.cjs'], {
    kind: 'interactive',
    input: 'cont\n.exit\n',
    endsAt: 'RAN',
  }),
  entry('.load in a REPL', ['-i'], { kind: 'either', input: `.load dropped.cjs\n` }),
  cjs('a REPL of the program', `require('repl').start({ prompt: '' })`, {
    kind: 'interactive',
    input: `${CODE}\n`,
  }),
  cjs('a REPLServer of the program', `new (require('repl').REPLServer)({ prompt: '' })`, {
    kind: 'interactive',
    input: `${CODE}\n`,
  }),
  cjs('.load in a REPL of the program', `require('repl').start({ prompt: '' })`, {
    kind: 'either',
    input: `.load dropped.cjs\n`,
  }),
  esm('static data: import', program('routes/static-data-import.mjs'), { kind: 'interactive' }),
  entry('--entry-url data:', ['--entry-url', DATA_URL], {
    kind: 'interactive',
  }),
  entry('--import data:', ['--import', DATA_URL, 'empty.cjs'], {
    kind: 'interactive',
    files: empty,
  }),
  cjs('Worker eval without arguments', program('routes/worker-eval-without-arguments.cjs'), {
    kind: 'interactive',
  }),
  cjs('fork with -e', program('routes/fork-with-e.cjs'), { kind: 'interactive' }),
  cjs('spawn with stdin', program('routes/spawn-with-stdin.cjs'), { kind: 'interactive' }),
  cjs('inspector.open', program('routes/inspector-open.cjs'), { kind: 'interactive' }),
];
