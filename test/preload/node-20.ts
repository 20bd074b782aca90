import type { WayIn } from './ways-in.js';

/** Of the ways that the other Nodes have, by name, those that Node 20 does not have: each fails there. */
export const lacking: ReadonlySet<string> = new Set([
  // TypeScript
  'entry point, .ts',
  'entry point, .cts',
  'entry point, .mts',
  'require of TypeScript',
  'import of TypeScript',
  'import of TypeScript in CommonJS',
  '-e as TypeScript',
  'TypeScript',
  // module.registerHooks
  'registerHooks that loads another file',
  'registerHooks by the class of its handle',
  'registerHooks that resolves to another file',
  'registerHooks that short-circuits with the file',
  'registerHooks that calls data code',
  'registerHooks in ESM that calls data code',
  'a module hook that replaces a source',
  'a module hook that short-circuits',
  // Others
  'process.execve',
  'entry point as a file: URL',
  '--entry-url data:',
  '--run of a script that starts Node',
  'import of an addon',
  'node:sqlite loadExtension',
]);

/** Those that Node 20 refuses under a restriction even when the file may run. */
export const refusedAnyway: ReadonlySet<string> = new Set(['--test-reporter', 'module.register']);

const program = (
  name: string,
  text: string,
  files: Record<string, string> = {},
  options: string[] = [],
): WayIn => ({
  name,
  kind: 'file',
  args: [...options, 'program.cjs'],
  files: { 'program.cjs': text, 'approved.cjs': '', 'approved.mjs': '', ...files },
});

const KFORMAT = `Object.getOwnPropertySymbols(M.prototype).find((s) => String(s) === 'Symbol(kFormat)') ?? Symbol()`;
/** What an import of a module is to get in the place of its own source. */
const BAD = `import { writeSync } from 'node:fs'; writeSync(1, 'RAN\\n')`;

/** Programs that reach a dropped file by what is particular to these loaders, or stand in their way. */
export const programs: WayIn[] = [
  program('what a required ES module imports', `require('./approved.mjs')`, {
    'approved.mjs': `import './dropped.mjs'`,
  }),
  program('CommonJS that a required ES module imports', `require('./approved.mjs')`, {
    'approved.mjs': `import './dropped.cjs'`,
  }),
  program('data: that a required ES module imports', `require('./approved.mjs')`, {
    'approved.mjs': `import ${JSON.stringify(`data:text/javascript,${encodeURIComponent(BAD)}`)}`,
  }),
  program('a text that the scan for exports has read', `import('./approved.mjs')`, {
    'approved.mjs': `import './approved.cjs'`,
    'approved.cjs': `if (0) module.exports = require('./dropped.cjs'); module.require('./dropped.cjs')`,
  }),
  program(
    'import after a refused require',
    `try { require('./dropped.cjs') } catch {} import('./dropped.cjs')`,
  ),
  program(
    'require after a refused import',
    `import('./dropped.cjs').catch(() => {}).then(() => require('./dropped.cjs'))`,
  ),
  program(
    'a module that is loaded twice',
    `const M = require('module'); const m = new M('x'); M._extensions['.js'](m, __dirname + '/approved.cjs'); M._extensions['.js'](m, __dirname + '/dropped.cjs')`,
  ),
  program(
    'a script whose import() is the main context’s',
    `const vm = require('vm'); new vm.Script('import("./dropped.mjs")', { filename: __filename, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }).runInThisContext()`,
  ),
  program('an entry point by --experimental-default-type', '', {}, [
    '--experimental-default-type=module',
    './dropped.mjs',
  ]),
  program(
    'fs.promises patched under import()',
    `require('fs').promises.readFile = async () => ${JSON.stringify(BAD)}; import('./approved.mjs')`,
  ),
  program(
    'fs.openSync patched under a required ES module',
    `const fs = require('fs'); const { openSync } = fs; fs.openSync = (path, ...rest) => openSync(String(path).includes('inner') ? 'dropped.mjs' : path, ...rest); require('./approved.mjs')`,
    { 'approved.mjs': `import './inner.mjs'`, 'inner.mjs': '' },
  ),
  program(
    'fs.readFileSync fixed',
    `const fs = require('fs'); const bad = fs.readFileSync('dropped.cjs', 'utf8'); Object.defineProperty(fs, 'readFileSync', { value: () => bad, writable: false, configurable: false }); require('./approved.cjs')`,
  ),
  program(
    'fs.readFileSync as an accessor',
    `const fs = require('fs'); const bad = fs.readFileSync('dropped.cjs', 'utf8'); Object.defineProperty(fs, 'readFileSync', { get: () => () => bad, set() {}, configurable: true }); require('./approved.cjs')`,
  ),
  program(
    'the C++ side of fs patched',
    `const fs = require('fs'); const bad = fs.readFileSync('dropped.cjs', 'utf8'); process.binding('fs').readFileUtf8 = () => bad; require('./approved.cjs')`,
  ),
  program(
    'TextDecoder patched under import()',
    `TextDecoder.prototype.decode = () => ${JSON.stringify(BAD)}; import('./approved.mjs')`,
    // An empty source is given as bytes.
    { 'approved.mjs': 'export {}' },
  ),
  program(
    'promises patched under import()',
    `const { then } = Promise.prototype; const bad = { format: 'module', responseURL: 'file://' + __dirname + '/approved.mjs', source: "process.getBuiltinModule('fs').writeSync(1, 'RAN\\\\n')" }; Promise.prototype.then = function (a, b) { return then.call(this, (v) => a(v?.responseURL ? bad : v), b) }; Object.defineProperty(Promise.prototype, 'constructor', { value: class extends Promise {} }); import('./approved.mjs')`,
  ),
  program(
    'the loader’s symbol removed',
    `const M = require('module'); const k = ${KFORMAT}; try { delete M.prototype[k] } catch {} try { Object.defineProperty(M.prototype, k, { value: undefined, writable: true }) } catch {} require('./dropped.cjs')`,
  ),
  program(
    'another prototype for modules',
    `const M = require('module'); const p = Object.getOwnPropertyDescriptors(M.prototype); delete p[${KFORMAT}]; M.prototype = Object.create(Object.prototype, p); M._load(__dirname + '/dropped.cjs')`,
  ),
  program(
    'polluted property descriptors',
    `Object.prototype.get = Object.prototype.set = function () {}; require('./dropped.cjs')`,
  ),
  program(
    'a stack that ends',
    `const M = require('module'); const f = () => { try { f() } finally { try { M._extensions['.js'](new M('x'), __dirname + '/approved.cjs') } catch {} } }; try { f() } catch {} require('./dropped.cjs')`,
  ),
  program(
    'the function that was lent, kept',
    `const fs = require('fs'); const M = require('module'); const m = new M('x'); m[${KFORMAT}]; const kept = fs.readFileSync; try { kept(__dirname + '/approved.cjs') } catch {} fs.readFileSync = kept; require('./dropped.cjs')`,
  ),
];

/** The programs that are refused only where a program may make no code of a string. */
export const open: WayIn[] = [
  program(
    'a module with a format of its own',
    `const M = require('module'); const m = new M('x'); Object.defineProperty(m, ${KFORMAT}, { value: 'commonjs', writable: true }); M._extensions['.js'](m, __dirname + '/dropped.cjs')`,
  ),
];

const HOOKS = `export const load = async (url, context, next) => { const r = await next(url, context); return url.endsWith('a.mjs') || url.endsWith('a.cjs') ? { ...r, source: url.endsWith('a.mjs') ? 'export const x = "hooked"' : 'exports.x = "hooked"' } : r }`;
const HOOKED = `import { x } from './a.mjs'; import c from './a.cjs'; console.log(x, c.x)`;

/** Of the following, those that replace what was checked, or keep it from being supplied. */
export const onlyUnenforced: ReadonlySet<string> = new Set([
  'module.register',
  '--experimental-loader',
  'fs.readFileSync of the program',
  'a file that only the program’s fs has',
  'a frozen fs',
]);

/** Programs that look at what the loaders do. */
export const changes: WayIn[] = [
  program(
    'module.register',
    `require('module').register('./hooks.mjs', require('url').pathToFileURL(__filename)); import('./b.mjs')`,
    {
      'hooks.mjs': HOOKS,
      'b.mjs': HOOKED,
      'a.mjs': 'export const x = 1',
      'a.cjs': 'exports.x = 1',
    },
  ),
  program(
    '--experimental-loader',
    `import('./b.mjs')`,
    {
      'hooks.mjs': HOOKS,
      'b.mjs': HOOKED,
      'a.mjs': 'export const x = 1',
      'a.cjs': 'exports.x = 1',
    },
    ['--experimental-loader', './hooks.mjs'],
  ),
  program(
    'fs.readFileSync of the program',
    `const fs = require('fs'); const { readFileSync } = fs; fs.readFileSync = function (path, ...rest) { return String(path).endsWith('a.cjs') ? 'exports.x = "mine"' : readFileSync.call(this, path, ...rest) }; const mine = fs.readFileSync; console.log(require('./a.cjs').x, fs.readFileSync === mine)`,
    { 'a.cjs': 'exports.x = 1' },
  ),
  program(
    'a file that only the program’s fs has',
    `const fs = require('fs'); const M = require('module'); fs.readFileSync = () => 'module.exports = "virtual"'; const m = new M('x'); M._extensions['.js'](m, '/nonexistent/x.cjs'); console.log(m.exports)`,
  ),
  program('a frozen fs', `Object.freeze(require('fs')); console.log(require('./a.cjs').x)`, {
    'a.cjs': 'exports.x = 1',
  }),
  program(
    'fs as the program sees it',
    `const fs = require('fs'); console.log(Object.getOwnPropertyDescriptor(fs, 'readFileSync'), fs.readFileSync.name, Object.keys(fs).indexOf('readFileSync')); require('./a.cjs'); console.log(Object.getOwnPropertyDescriptor(fs, 'readFileSync'), Object.keys(fs).indexOf('readFileSync'))`,
    { 'a.cjs': '' },
  ),
  program(
    'polluted property descriptors',
    `Object.defineProperty(Object.prototype, 'get', { value() {}, writable: true, configurable: true }); console.log(require('./a.cjs').x)`,
    { 'a.cjs': 'exports.x = 1' },
  ),
  program(
    'handlers of the program',
    `const M = require('module'); const js = M._extensions['.js']; M._extensions['.js'] = function (m, f) { console.log(f.slice(-5)); return js(m, f) }; M._extensions['.txt'] = (m, f) => { m.exports = require('fs').readFileSync(f, 'utf8') }; console.log(require('./a.js').x, require('./a.txt'))`,
    { 'a.js': 'exports.x = new Error().stack.split("\\n").slice(1, 4).join("|")', 'a.txt': 'text' },
  ),
  program('what a deep stack shows', `Error.stackTraceLimit = 50; require('./a.cjs')`, {
    'a.cjs': `require('./b.cjs')`,
    'b.cjs': `import('./c.mjs')`,
    'c.mjs': `import './d.cjs'`,
    'd.cjs': 'console.log(new Error().stack)',
  }),
  program('an entry point of another default type', '', { entry: 'console.log(import.meta.url)' }, [
    '--experimental-default-type=module',
    './entry',
  ]),
  program(
    'an empty module',
    `console.log(require('./e.cjs')); import('./e.mjs').then(console.log).then(() => import('./e.js')).then(console.log)`,
    { 'e.cjs': '', 'e.mjs': '', 'e.js': '' },
  ),
];
