import type { Gate } from '../../src/preload/guard/gates.js';
import type { Major } from './versions.js';

/** A program that may run, and makes code of a string or of data. */
export interface Doorway {
  name: string;
  /** The gate that opens it again. */
  gate?: Gate;
  program: Record<string, string>;
  args: string[];
  since?: Major;
}

const RAN = `require('fs').writeSync(1, 'RAN\\n')`;
const TEXT = JSON.stringify(`process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')`);
const IN_CONTEXT = `{ process }`;

const cjs = (name: string, gate: Gate | undefined, text: string, args: string[] = []): Doorway => ({
  name,
  ...(gate === undefined ? {} : { gate }),
  program: { 'program.cjs': text, 'approved.cjs': '', 'approved.mjs': '' },
  args: [...args, 'program.cjs'],
});

/** An empty WebAssembly module. */
const WASM = `new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])`;

export const doorways: Doorway[] = [
  cjs('eval', 'eval', `eval(${TEXT})`),
  cjs('indirect eval', 'eval', `(0, eval)(${TEXT})`),
  cjs('new Function', 'eval', `new Function(${TEXT})()`),
  cjs('the constructor of a function', 'eval', `(() => {}).constructor(${TEXT})()`),
  cjs(
    'eval in a Worker',
    'eval',
    `const { Worker, isMainThread } = require('worker_threads'); if (isMainThread) new Worker(__filename, { execArgv: [], env: {} }); else eval(${TEXT})`,
  ),
  cjs(
    'eval in a fork',
    'eval',
    `if (process.argv[2]) eval(${TEXT}); else require('child_process').fork(__filename, ['x'], { execArgv: [], env: {} })`,
  ),
  cjs('vm.runInThisContext', 'vm', `require('vm').runInThisContext(${TEXT})`),
  cjs('vm.runInNewContext', 'vm', `require('vm').runInNewContext(${TEXT}, ${IN_CONTEXT})`),
  cjs(
    'vm.runInContext',
    'vm',
    `const vm = require('vm'); vm.runInContext(${TEXT}, vm.createContext(${IN_CONTEXT}))`,
  ),
  cjs('vm.Script', 'vm', `new (require('vm').Script)(${TEXT}).runInThisContext()`),
  cjs('vm.compileFunction', 'vm', `require('vm').compileFunction(${TEXT})()`),
  cjs('vm by import', 'vm', `import('node:vm').then((vm) => vm.runInThisContext(${TEXT}))`),
  cjs('vm by getBuiltinModule', 'vm', `process.getBuiltinModule('vm').runInThisContext(${TEXT})`),
  cjs(
    'vm.SourceTextModule',
    'vm',
    `const { SourceTextModule } = require('vm'); const m = new SourceTextModule(${TEXT}); m.link(() => {}).then(() => m.evaluate())`,
    ['--experimental-vm-modules'],
  ),
  cjs(
    'Module#_compile',
    'compile',
    `const M = require('module'); new M('x')._compile(${TEXT}, '/x.js')`,
  ),
  cjs(
    'Module#_compile by the name of an approved file',
    'compile',
    `const M = require('module'); new M('x')._compile(${TEXT}, __filename)`,
  ),
  cjs(
    'Module._extensions replaced',
    'compile',
    `const M = require('module'); M._extensions['.cjs'] = (m, f) => m._compile(${TEXT}, f); require('./approved.cjs')`,
  ),
  cjs(
    'Module.wrap replaced',
    'compile',
    `const M = require('module'); M.wrap = () => '(function () {' + ${TEXT} + '})'; require('./approved.cjs')`,
  ),
  cjs(
    'Module.wrapper changed',
    'compile',
    `const M = require('module'); M.wrapper[0] = '(function () {' + ${TEXT} + '}) ||' + M.wrapper[0]; const f = M.wrapper[0]; M.wrapper[0] = '(function () {' + ${TEXT} + '; return;'; require('./approved.cjs')`,
  ),
  cjs(
    'a module hook that replaces a source',
    'hooks',
    `require('module').registerHooks({ load: (u, c, n) => u.endsWith('approved.mjs') ? { ...n(u, c), source: ${TEXT} } : n(u, c) }); import('./approved.mjs')`,
  ),
  cjs(
    'a module hook that short-circuits',
    'hooks',
    `require('module').registerHooks({ load: (u, c, n) => u.endsWith('approved.mjs') ? { source: ${TEXT}, format: 'module', shortCircuit: true } : n(u, c), resolve: (s, c, n) => s === 'virtual' ? { url: 'file:///approved.mjs', shortCircuit: true } : n(s, c) }); import('virtual')`,
  ),
  cjs('WebAssembly.Module', 'wasm', `new WebAssembly.Module(${WASM}); ${RAN}`),
  cjs('WebAssembly.compile', 'wasm', `WebAssembly.compile(${WASM}).then(() => { ${RAN} })`),
  cjs(
    'WebAssembly.instantiate',
    'wasm',
    `WebAssembly.instantiate(${WASM}.buffer).then(() => { ${RAN} })`,
  ),
  cjs('process.binding', 'binding', `process.binding('contextify'); ${RAN}`),
  cjs('v8.setFlagsFromString', 'flags', `require('v8').setFlagsFromString('--no-opt'); ${RAN}`),
  cjs(
    'inspector.Session',
    'inspector',
    `const s = new (require('inspector').Session)(); s.connect(); s.post('Runtime.evaluate', { expression: ${TEXT} })`,
  ),
  cjs(
    'repl.start on a stream',
    undefined,
    `const { PassThrough } = require('stream'); const input = new PassThrough(); require('repl').start({ input, output: new PassThrough() }); input.end(${TEXT} + '\\n')`,
  ),
  cjs(
    'a mocked module',
    undefined,
    `const { mock } = require('node:test'); (mock.module('./approved.cjs', { defaultExport: 1, namedExports: {} }), import('./approved.cjs')).then(() => { ${RAN} })`,
    ['--experimental-test-module-mocks'],
  ),
  cjs(
    'REPLServer',
    undefined,
    `new (require('repl').REPLServer)({ input: new (require('stream').PassThrough)(), output: process.stderr }); ${RAN}; process.exit()`,
  ),
  cjs('process.binding of an inspector', 'binding', `process.binding('inspector'); ${RAN}`),
  { ...cjs('JSON that may not run', 'data', `require('./package.json'); ${RAN}`) },
];

/** What strict leaves alone. */
export const ordinary: Doorway[] = [
  cjs('require', undefined, `require('./approved.cjs'); ${RAN}`),
  cjs('import', undefined, `import('./approved.cjs').then(() => { ${RAN} })`),
  {
    name: 'TypeScript',
    program: { 'program.ts': `const s: string = 'RAN\\n'; require('fs').writeSync(1, s);` },
    args: ['program.ts'],
  },
  {
    name: 'import of TypeScript in CommonJS',
    program: {
      'program.mjs': `import './approved.cts'`,
      'approved.cts': `const s: string = 'RAN\\n'; require('fs').writeSync(1, s);`,
    },
    args: ['program.mjs'],
  },
];
