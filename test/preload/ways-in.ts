/**
 * The ways by which something becomes code in Node, as data. `dropped.*` is what
 * an attacker left behind: files without an x bit, which print RAN when they
 * run. Every other file is the program, which may be run.
 */
import { readFileSync } from 'node:fs';

import type { Major } from './versions.js';

/** A program that is a file of routes/. */
const route = (file: string): Record<string, string> => ({
  [file]: readFileSync(new URL(`routes/${file}`, import.meta.url), 'utf8'),
});

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
  'dropped-loader.mjs': `import { writeSync } from 'node:fs'; writeSync(1, 'RAN\\n'); export const resolve = (s, c, n) => n(s, c);`,
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
  files: { 'program.cjs': text },
  ...more,
});
export const esm = (name: string, text: string, more: Partial<WayIn> = {}): WayIn => ({
  name,
  kind: 'file',
  args: ['program.mjs'],
  files: { 'program.mjs': text },
  ...more,
});
export const entry = (name: string, args: string[], more: Partial<WayIn> = {}): WayIn => ({
  name,
  kind: 'file',
  args,
  ...more,
});
const empty = { 'empty.cjs': '' };

/** A file system of the program's own making: nothing that could be checked is behind it. */
const VFS = `const v = require('node:vfs').create(); v.writeFileSync('/a.cjs', ${JSON.stringify(CODE)}); v.writeFileSync('/a.mjs', ${JSON.stringify(ESM)}); const mounted = v.mount('/virtual'); const at = typeof mounted === 'string' ? mounted : v.mountPoint;`;
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
    files: { 'program.mjs': `import './approved.cjs'`, 'approved.cjs': `require('./dropped.cjs')` },
  }),
  esm(
    'createRequire',
    `import { createRequire } from 'node:module'; createRequire(import.meta.url)('./dropped.cjs')`,
  ),
  cjs(
    'dlopen by require',
    `try { require('./dropped.node') } catch (e) { if (e.code !== 'ERR_DLOPEN_FAILED') throw e }`,
  ),
  cjs(
    'process.dlopen',
    `try { process.dlopen({ exports: {} }, __dirname + '/dropped.node') } catch (e) { if (e.code !== 'ERR_DLOPEN_FAILED') throw e }`,
  ),
  esm('WebAssembly import', `import './dropped.wasm'; `, {
    args: ['--experimental-wasm-modules', 'program.mjs'],
    files: { 'program.mjs': `import './dropped.wasm'`, 'ran.mjs': ESM_RAN() },
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
    `new (require('worker_threads').Worker)(__dirname + '/dropped-worker.cjs', { execArgv: [], env: {} })`,
  ),
  cjs('fork', `require('child_process').fork(__dirname + '/dropped.cjs')`),
  cjs(
    'fork without arguments and environment',
    `require('child_process').fork(__dirname + '/dropped.cjs', { execArgv: [], env: {} })`,
  ),
  cjs(
    'exec',
    `require('child_process').exec(process.execPath + ' dropped.cjs', { env: {} }, (e, out) => process.stdout.write(out))`,
  ),
  cjs(
    'spawnSync without environment',
    `require('child_process').spawnSync(process.execPath, [__dirname + '/dropped.cjs'], { env: {}, stdio: 'inherit' })`,
  ),
  cjs(
    'process.execve',
    `process.execve(process.execPath, [process.execPath, __dirname + '/dropped.cjs'], {})`,
  ),
  cjs(
    'cluster',
    `const c = require('cluster'); c.setupPrimary({ exec: __dirname + '/dropped.cjs', execArgv: [] }); c.fork({ NODE_OPTIONS: '' }).on('online', function () { this.disconnect() })`,
  ),
  cjs(
    'registerHooks that loads another file',
    `require('module').registerHooks({ load: (u, c, n) => u.endsWith('virtual.cjs') ? n(u.replace('virtual.cjs', 'dropped.cjs'), c) : n(u, c), resolve: (s, c, n) => s === 'virtual' ? { url: require('url').pathToFileURL(__dirname + '/virtual.cjs').href, format: 'commonjs', shortCircuit: true } : n(s, c) }); require('virtual')`,
  ),
  cjs(
    'module.register of a data: URL',
    `require('module').register('data:text/javascript,import{writeSync}from"node:fs";writeSync(1,"RAN")')`,
    { kind: 'either' },
  ),
  entry('-e', ['-e', CODE], { kind: 'interactive' }),
  entry('-p', ['-p', CODE], { kind: 'interactive' }),
  entry('--eval=', [`--eval=${CODE}`], { kind: 'interactive' }),
  entry('-e as ESM', ['--input-type=module', '-e', ESM], { kind: 'interactive' }),
  entry('-e that requires a file', ['-e', `require('./dropped.cjs')`], { kind: 'either' }),
  entry('stdin, a pipe', [], { kind: 'interactive', input: CODE }),
  entry('stdin as -', ['-'], { kind: 'interactive', input: CODE }),
  entry('stdin, a file that may not run', [], { kind: 'interactive', stdinFile: 'dropped.cjs' }),
  entry('-i', ['-i'], { kind: 'interactive', input: `${CODE}\n` }),
  cjs('data: import', `import(${JSON.stringify(DATA_URL)})`, { kind: 'interactive' }),
  cjs(
    'data: import of a file',
    `import('data:text/javascript,import ' + encodeURIComponent(JSON.stringify('file://' + __dirname + '/dropped.mjs')))`,
    { kind: 'either' },
  ),
  cjs(
    'Worker eval',
    `new (require('worker_threads').Worker)(${JSON.stringify(CODE)}, { eval: true })`,
    { kind: 'interactive' },
  ),
  cjs(
    'Worker of a data: URL',
    `new (require('worker_threads').Worker)(new URL(${JSON.stringify(DATA_URL)}))`,
    { kind: 'interactive' },
  ),
  entry('--inspect', ['--inspect=127.0.0.1:0', 'ran.cjs'], {
    kind: 'interactive',
    files: { 'ran.cjs': CODE },
  }),
];

/** Tried without mayexec, and with everything restricted. */
export const routes: WayIn[] = [
  cjs(
    'Worker with options of a prototype',
    `for (const [k, value] of [['execArgv', []], ['env', {}]]) Object.defineProperty(Object.prototype, k, { value }); new (require('worker_threads').Worker)(__dirname + '/dropped-worker.cjs', {})`,
  ),
  cjs(
    'Worker with inherited options',
    `new (require('worker_threads').Worker)(__dirname + '/dropped-worker.cjs', Object.create({ execArgv: [], env: {} }))`,
  ),
  cjs(
    'registerHooks by the class of its handle',
    `const fs = require('fs'); const C = require('module').registerHooks({}).constructor; new C(undefined, (u, c, n) => u.endsWith('dropped.cjs') ? { source: fs.readFileSync(new URL(u), 'utf8'), format: 'commonjs', shortCircuit: true } : n(u, c)); require('./dropped.cjs')`,
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
      'program.mjs': `import { x } from './reexport.cjs'`,
      'reexport.cjs': `module.exports = require('./dropped.cjs')`,
    },
  }),
  cjs('Module#load', `const M = require('module'); new M('x').load(__dirname + '/dropped.cjs')`),
  cjs('Module._load', `require('module')._load(__dirname + '/dropped.cjs')`),
  cjs(
    'Module._extensions',
    `const M = require('module'); M._extensions['.js'](new M('x'), __dirname + '/dropped.cjs')`,
  ),
  cjs(
    'Module._extensions with a relative path',
    `const M = require('module'); M._extensions['.js'](new M('x'), './dropped.cjs')`,
  ),
  cjs(
    'Module._extensions with a builtin name',
    `const M = require('module'); M._extensions['.js'](new M('x'), 'os')`,
    {
      files: {
        'program.cjs': `const M = require('module'); process.chdir(__dirname + '/names'); M._extensions['.js'](new M('x'), 'os')`,
      },
      refusedAnyway: true,
    },
  ),
  cjs(
    'Module.runMain',
    `process.argv[1] = __dirname + '/dropped.cjs'; require('module').runMain(process.argv[1])`,
  ),
  cjs(
    'process.dlopen of another extension',
    `try { process.dlopen({ exports: {} }, __dirname + '/dropped.so') } catch (e) { if (e.code !== 'ERR_DLOPEN_FAILED') throw e }`,
  ),
  esm(
    'import of an addon',
    `try { await import('./dropped.node') } catch (e) { if (e.code !== 'ERR_DLOPEN_FAILED') throw e }`,
    {
      args: ['--experimental-addon-modules', 'program.mjs'],
    },
  ),
  esm(
    'WebAssembly in the source phase',
    `import source m from './dropped.wasm'; import { ran } from './ran.mjs'; new WebAssembly.Instance(m, { './ran.mjs': { ran } })`,
    {
      since: 24,
      files: {
        'program.mjs': `import source m from './dropped.wasm'; import { ran } from './ran.mjs'; new WebAssembly.Instance(m, { './ran.mjs': { ran } })`,
        'ran.mjs': ESM_RAN(),
      },
    },
  ),
  cjs(
    'node:sqlite loadExtension',
    `const { DatabaseSync } = require('node:sqlite'); const d = new DatabaseSync(':memory:', { allowExtension: true }); try { d.loadExtension(__dirname + '/dropped.so') } catch (e) { if (!/sqlite|undefined symbol|ERR_LOAD_SQLITE/.test(e.code + e.message)) throw e }`,
  ),
  cjs('node:ffi dlopen', `const f = require('node:ffi'); f.dlopen(__dirname + '/dropped.so', {})`, {
    since: 26,
    args: ['--experimental-ffi', 'program.cjs'],
  }),
  cjs(
    'crypto.setEngine',
    `try { require('crypto').setEngine(__dirname + '/dropped.so') } catch (e) { if (/mayexec|execveat/.test(e.message)) throw e }`,
  ),
  cjs(
    'Worker with a preload of its own',
    `new (require('worker_threads').Worker)(__dirname + '/empty.cjs', { execArgv: ['--require', __dirname + '/dropped.cjs'], env: {} })`,
    {
      files: {
        'program.cjs': `new (require('worker_threads').Worker)(__dirname + '/empty.cjs', { execArgv: ['--require', __dirname + '/dropped.cjs'], env: {} })`,
        ...empty,
      },
    },
  ),
  cjs(
    'Worker with NODE_OPTIONS of its own',
    `new (require('worker_threads').Worker)(__dirname + '/empty.cjs', { env: { NODE_OPTIONS: '--require ' + __dirname + '/dropped.cjs' } })`,
    {
      files: {
        'program.cjs': `new (require('worker_threads').Worker)(__dirname + '/empty.cjs', { env: { NODE_OPTIONS: '--require ' + __dirname + '/dropped.cjs' } })`,
        ...empty,
      },
    },
  ),
  cjs(
    'Worker by its prototype',
    `const W = require('worker_threads').Worker.prototype.constructor; new W(__dirname + '/dropped-worker.cjs', { execArgv: [], env: {} })`,
  ),
  cjs(
    'subclass of Worker',
    `class W extends require('worker_threads').Worker {} new W(__dirname + '/dropped-worker.cjs', { execArgv: [], env: {} })`,
  ),
  cjs(
    'Worker in a Worker',
    `new (require('worker_threads').Worker)(__dirname + '/approved-worker.cjs', { execArgv: [], env: {} })`,
    {
      files: {
        'program.cjs': `new (require('worker_threads').Worker)(__dirname + '/approved-worker.cjs', { execArgv: [], env: {} })`,
        'approved-worker.cjs': `new (require('worker_threads').Worker)(__dirname + '/dropped-worker.cjs', { execArgv: [], env: {} })`,
      },
    },
  ),
  cjs(
    'spawn without environment',
    `require('child_process').spawn(process.execPath, [__dirname + '/dropped.cjs'], { env: {}, stdio: 'inherit' })`,
  ),
  cjs(
    'execFile without environment',
    `require('child_process').execFile(process.execPath, [__dirname + '/dropped.cjs'], { env: {} }, (e, out) => process.stdout.write(out))`,
  ),
  cjs(
    'spawnSync without options',
    `process.env.NODE_OPTIONS = ''; process.stdout.write(require('child_process').spawnSync(process.execPath, [__dirname + '/dropped.cjs']).stdout)`,
  ),
  cjs(
    'execFileSync without environment',
    `require('child_process').execFileSync(process.execPath, [__dirname + '/dropped.cjs'], { env: {}, stdio: 'inherit' })`,
  ),
  cjs(
    'execFileSync without arguments',
    `require('child_process').execFileSync(process.execPath, { env: {}, input: 'require("./dropped.cjs")', stdio: ['pipe', 'inherit', 'inherit'] })`,
    { kind: 'either' },
  ),
  cjs(
    'execSync',
    `require('child_process').execSync(process.execPath + ' dropped.cjs', { env: {}, stdio: 'inherit' })`,
  ),
  cjs(
    'execSync with NODE_OPTIONS deleted',
    `delete process.env.NODE_OPTIONS; require('child_process').execSync(process.execPath + ' dropped.cjs', { stdio: 'inherit' })`,
  ),
  cjs(
    'fork with a preload of its own',
    `require('child_process').fork(__dirname + '/empty.cjs', { execArgv: ['--require', __dirname + '/dropped.cjs'], env: {} })`,
    {
      files: {
        'program.cjs': `require('child_process').fork(__dirname + '/empty.cjs', { execArgv: ['--require', __dirname + '/dropped.cjs'], env: {} })`,
        ...empty,
      },
    },
  ),
  cjs(
    'fork with NODE_OPTIONS of its own',
    `require('child_process').fork(__dirname + '/empty.cjs', { env: { NODE_OPTIONS: '--require ' + __dirname + '/dropped.cjs' } })`,
    {
      files: {
        'program.cjs': `require('child_process').fork(__dirname + '/empty.cjs', { env: { NODE_OPTIONS: '--require ' + __dirname + '/dropped.cjs' } })`,
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
  cjs(
    'module.register',
    `require('module').register('./dropped-loader.mjs', require('url').pathToFileURL(__filename)); import('./program.cjs?x')`,
    {
      refusedAnyway: true,
    },
  ),
  cjs('node:vfs, by require', `${VFS} require(at + '/a.cjs')`, VFS_OPTIONS),
  cjs('node:vfs, by import', `${VFS} import(at + '/a.mjs')`, VFS_OPTIONS),
  ...virtualAddons,
  entry("a file of node:test's snapshots", ['snapshots.cjs'], { files: route('snapshots.cjs') }),
  cjs(
    'registerHooks that resolves to another file',
    `require('module').registerHooks({ resolve: (s, c, n) => n(s === './approved.cjs' ? './dropped.cjs' : s, c) }); require('./approved.cjs')`,
    {
      files: {
        'program.cjs': `require('module').registerHooks({ resolve: (s, c, n) => n(s === './approved.cjs' ? './dropped.cjs' : s, c) }); require('./approved.cjs')`,
        'approved.cjs': '',
      },
    },
  ),
  cjs(
    'registerHooks that short-circuits with the file',
    `const fs = require('fs'); require('module').registerHooks({ load: (u, c, n) => u.endsWith('dropped.cjs') ? { source: fs.readFileSync(new URL(u), 'utf8'), format: 'commonjs', shortCircuit: true } : n(u, c) }); require('./dropped.cjs')`,
  ),
  cjs(
    'registerHooks that calls data code',
    `require('module').registerHooks({ load: (u, c, n) => { const r = n(u, u.endsWith('dropped.cjs') ? { ...c, format: 'json' } : c); return u.endsWith('dropped.cjs') ? { ...r, format: 'commonjs' } : r } }); require('./dropped.cjs')`,
  ),
  cjs(
    'registerHooks in ESM that calls data code',
    `require('module').registerHooks({ load: (u, c, n) => { const r = n(u, u.endsWith('dropped.mjs') ? { ...c, format: 'json' , importAttributes: { type: 'json' } } : c); return u.endsWith('dropped.mjs') ? { ...r, format: 'module' } : r } }); import('./dropped.mjs')`,
  ),
  cjs(
    'fs patched to give other bytes',
    `const fs = require('fs'); const bad = fs.readFileSync('dropped.cjs', 'utf8'); fs.readFileSync = () => bad; fs.openSync = () => 0; fs.fstatSync = () => ({ isFile: () => true, mode: 0o755 }); require('module').syncBuiltinESMExports(); require('./dropped.cjs')`,
  ),
  cjs(
    'polluted Array.prototype',
    `for (const i of [0, 1, 2, 3]) Object.defineProperty(Array.prototype, i, { get: () => 0, set() {}, configurable: true }); require('./dropped.cjs')`,
    { refusedAnyway: true },
  ),
  cjs(
    'polluted iterators',
    `Array.prototype[Symbol.iterator] = function* () { yield 5; yield 0; yield 0; yield 'x' }; require('./dropped.cjs')`,
  ),
  cjs(
    'polluted Object.prototype',
    `for (const k of ['data', 'type', 'allowed', 'shortCircuit', 'asCode']) Object.defineProperty(Object.prototype, k, { value: k === 'type' ? 'json' : true, writable: true, configurable: true }); require('./dropped.cjs')`,
  ),
  cjs(
    'polluted Object.prototype, import',
    `for (const k of ['data', 'type', 'allowed', 'shortCircuit', 'asCode']) Object.defineProperty(Object.prototype, k, { value: k === 'type' ? 'json' : true, writable: true, configurable: true }); import('./dropped.mjs')`,
  ),
  cjs(
    'polluted String.prototype',
    `String.prototype.startsWith = () => false; String.prototype.includes = () => false; String.prototype.slice = () => ''; require('./dropped.cjs')`,
  ),
  cjs(
    'polluted Array methods',
    `Array.prototype.findIndex = () => 0; Array.prototype.find = () => undefined; Array.prototype.includes = () => true; require('./dropped.cjs')`,
  ),
  cjs(
    'polluted Function.prototype',
    `const call = Function.prototype.call; Function.prototype.call = function (t, ...a) { return this.name === 'load' ? undefined : Reflect.apply(call, this, [t, ...a]) }; Function.prototype.apply = Function.prototype.bind = null; require('./dropped.cjs')`,
  ),
  cjs(
    'the addon patched through require.cache',
    `for (const m of Object.values(require.cache)) if (/mayexec\\.node$/.test(m.filename)) for (const k of ['openCodeSync', 'checkSync', 'getSecurebits']) try { m.exports[k] = () => 0 } catch {} require('./dropped.cjs')`,
  ),
  cjs(
    'process.env changed',
    `process.env.MAYEXEC_ENFORCE = '0'; process.env.MAYEXEC = '0'; require('./dropped.cjs')`,
  ),
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
  esm('static data: import', `import ${JSON.stringify(DATA_URL)}`, { kind: 'interactive' }),
  entry('--entry-url data:', ['--entry-url', DATA_URL], {
    kind: 'interactive',
  }),
  entry('--import data:', ['--import', DATA_URL, 'empty.cjs'], {
    kind: 'interactive',
    files: empty,
  }),
  cjs(
    'Worker eval without arguments',
    `new (require('worker_threads').Worker)(${JSON.stringify(CODE)}, { eval: 1, execArgv: [], env: {} })`,
    { kind: 'interactive' },
  ),
  cjs(
    'fork with -e',
    `require('child_process').fork('x', { execArgv: ['-e', ${JSON.stringify(CODE)}], env: {} })`,
    { kind: 'interactive' },
  ),
  cjs(
    'spawn with stdin',
    `require('child_process').spawn(process.execPath, [], { env: {}, stdio: ['pipe', 'inherit', 'inherit'] }).stdin.end(${JSON.stringify(CODE)})`,
    { kind: 'interactive' },
  ),
  cjs(
    'inspector.open',
    `require('inspector').open(0, '127.0.0.1'); ${CODE}; require('inspector').close()`,
    { kind: 'interactive' },
  ),
];

function ESM_RAN(): string {
  return `import { writeSync } from 'node:fs'; export function ran() { writeSync(1, 'RAN\\n') }`;
}
