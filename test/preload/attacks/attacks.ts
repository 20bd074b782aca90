/**
 * What a program that may run does to load what may not: each runs as code
 * without mayexec. The dropped files are those of ways-in.ts.
 */
export interface Attack {
  name: string;
  text: string;
  files?: Record<string, string>;
  since?: number;
  /** How often RAN is said without mayexec. */
  times?: number;
}

const DROPPED = `__dirname + '/dropped.cjs'`;
const REQUIRE = `require('./dropped.cjs')`;
const SPAWN = `require('child_process').spawnSync(process.execPath, [${DROPPED}], { env: {}, stdio: 'inherit' })`;

/** A child process of Node with these arguments, and NODE_OPTIONS. */
const child = (args: string, env = '{}'): string =>
  `require('child_process').spawnSync(process.execPath, ${args}, { env: ${env}, stdio: 'inherit' })`;

/** Leaves a snapshot beside the program, whose callback is what was dropped. It runs before any preload. */
const SNAPSHOT = `require('child_process').spawnSync(process.execPath, ['--snapshot-blob', 'blob', '--build-snapshot', 'snapshot.cjs'], { stdio: 'ignore' })`;
const snapshot = {
  'snapshot.cjs': `require('v8').startupSnapshot.addDeserializeCallback(() => process._rawDebug('RAN'))`,
};

/** A copy of the package, every file of which may run. */
const COPY = `const fs = require('fs'); const { dirname, join } = require('path'); const dist = dirname(process.env.PRELOAD); for (const f of ['dist/register.cjs', 'build/Release/mayexec.node']) { fs.mkdirSync(join(__dirname, 'copy', dirname(f)), { recursive: true }); fs.copyFileSync(join(dist, '..', f), join(__dirname, 'copy', f)); fs.chmodSync(join(__dirname, 'copy', f), 0o755); }`;
/** The functions of the addon, loaded once more. */
const ADDON = `const m = { exports: {} }; process.dlopen(m, require('path').join(process.env.PRELOAD, '../../build/Release/mayexec.node')); const addon = m.exports;`;

const seconds: Attack[] = [
  {
    name: 'the guard of a second copy',
    text: `try { Object.defineProperty(process, Symbol.for('mayexec.register'), { value: false }) } catch {} try { delete process[Symbol.for('mayexec.register')] } catch {} ${REQUIRE}`,
  },
  {
    name: 'the preload, taken out of the cache and loaded again',
    text: `delete require.cache[process.env.PRELOAD]; const { exit } = process; process.exit = () => {}; try { require(process.env.PRELOAD) } catch {} process.exit = exit; ${REQUIRE}`,
  },
  {
    name: 'a copy of the package, required',
    text: `${COPY} const { exit } = process; process.exit = () => {}; try { require('./copy/dist/register.cjs') } catch {} process.exit = exit; ${REQUIRE}`,
  },
  {
    name: 'a copy of the package, imported',
    text: `${COPY} const { exit } = process; process.exit = () => {}; import(__dirname + '/copy/dist/register.cjs').catch(() => {}).then(() => { process.exit = exit; return import('./dropped.mjs') })`,
  },
  {
    name: 'the addon’s functions replaced',
    text: `${ADDON} for (const name in addon) try { addon[name] = () => 0 } catch {} ${REQUIRE}`,
  },
  {
    name: 'the addon’s setSecurebits',
    text: `${ADDON} addon.setSecurebits(addon.getSecurebits() & ~0x500); ${REQUIRE}`,
  },
  {
    name: 'the package’s setSecurebits',
    text: `import(require('path').join(process.env.PRELOAD, '../index.js')).then((m) => { try { m.setSecurebits({ restrictFile: false, denyInteractive: false }) } catch {} ${REQUIRE} })`,
  },
  {
    name: 'the addon’s fds closed',
    text: `${ADDON} for (let i = 3; i < 64; i++) addon.closeOwned(i); ${REQUIRE}`,
  },
  {
    name: 'the addon’s next open, with its facts written over',
    text: `${ADDON} addon.openCodeSync(-100, '/bin/true', 0n, 0, new Int32Array(5)); ${REQUIRE}`,
  },
];

const channels: Attack[] = [
  {
    name: 'a subscriber that throws',
    text: `require('diagnostics_channel').subscribe('mayexec:check', () => { throw new Error('no') }); process.on('uncaughtException', () => {}); try { ${REQUIRE} } catch {} ${REQUIRE}`,
  },
  {
    name: 'a subscriber that changes the verdict',
    text: `require('diagnostics_channel').subscribe('mayexec:check', (m) => { for (const [o, k, v] of [[m.verdict, 'allowed', true], [m.verdict, 'binding', false], [m, 'denied', false]]) try { o[k] = v } catch {} }); ${REQUIRE}`,
  },
  {
    name: 'a channel that says nothing',
    text: `const c = require('diagnostics_channel').channel('mayexec:check'); Object.setPrototypeOf(c, { get hasSubscribers() { throw 1 } }); try { ${REQUIRE} } catch {} ${REQUIRE}`,
  },
  {
    name: 'a channel with a publish of its own',
    text: `const c = require('diagnostics_channel').channel('mayexec:check'); Object.defineProperty(c, 'hasSubscribers', { value: true }); c.publish = () => {}; ${REQUIRE}`,
  },
  {
    name: 'no news of Workers',
    text: `const c = require('diagnostics_channel').channel('worker_threads'); Object.setPrototypeOf(c, { hasSubscribers: false, publish() {} }); new (require('worker_threads').Worker)(${DROPPED}, { execArgv: [], env: {} })`,
  },
];

const children: Attack[] = [
  {
    name: 'a name in the environment that ends in another',
    text: child(`[${DROPPED}]`, `{ 'NODE_OPTIONS=--no-warnings': 'x' }`),
  },
  {
    name: 'a name in the environment with an equals sign',
    text: child(`[${DROPPED}]`, `{ 'NODE_OPTIONS=': 'x' }`),
  },
  {
    name: 'NODE_OPTIONS that are an object',
    text: child(`[${DROPPED}]`, `{ NODE_OPTIONS: { toString() { return '' } } }`),
  },
  {
    name: 'an environment that answers twice',
    text: `let n = 0; require('child_process').spawnSync(process.execPath, [${DROPPED}], { get env() { return n++ ? {} : { X: '1' } }, stdio: 'inherit' })`,
  },
  {
    name: 'process.env replaced by a proxy',
    text: `process.env = new Proxy({}, { get: () => '', ownKeys: () => [] }); ${SPAWN}`,
  },
  { name: '--build-snapshot', text: child(`['--build-snapshot', ${DROPPED}]`) },
  {
    name: '--build_snapshot after another option',
    text: child(`['--no-warnings', '--build_snapshot', ${DROPPED}]`),
  },
  {
    name: '--build-snapshot in a fork',
    text: `require('child_process').fork(${DROPPED}, { execArgv: ['--build-snapshot'] })`,
  },
  {
    name: '--build-snapshot in execFileSync',
    text: `require('child_process').execFileSync(process.execPath, ['--build-snapshot', ${DROPPED}], { stdio: 'inherit' })`,
  },
  {
    name: '--build-snapshot by process.execve',
    text: `process.execve(process.execPath, [process.execPath, '--build-snapshot', ${DROPPED}], {})`,
  },
  {
    name: '--experimental-sea-config',
    text: `require('fs').writeFileSync('sea.json', '{"main":"dropped.cjs","output":"blob","useSnapshot":true}'); ${child(`['--experimental-sea-config', 'sea.json']`)}`,
  },
  {
    name: '--snapshot-blob',
    text: `${SNAPSHOT}; ${child(`['--snapshot-blob', 'blob', 'x']`)}`,
    files: snapshot,
  },
  {
    name: '--snapshot-blob in NODE_OPTIONS',
    text: `${SNAPSHOT}; ${child(`['x']`, `{ NODE_OPTIONS: '--snapshot-blob=blob' }`)}`,
    files: snapshot,
  },
  {
    name: '--build-snapshot under strings’ methods that lie',
    text: `const { spawnSync } = require('child_process'); const { defineProperty } = Object; for (const name of ['indexOf', 'slice', 'startsWith', 'replaceAll', 'charAt']) { const method = String.prototype[name]; for (const lie of ['', 0]) { defineProperty(String.prototype, name, { value: () => lie }); try { spawnSync(process.execPath, ['--build-snapshot', ${DROPPED}], { stdio: 'inherit', env: {} }) } catch {} defineProperty(String.prototype, name, { value: method }) } }`,
  },
  {
    name: 'arguments that change meanwhile',
    text: `let n = 0; const args = ['', ${DROPPED}]; Object.defineProperty(args, 0, { enumerable: true, get: () => n++ ? '--build-snapshot' : '--no-warnings' }); for (let i = 0; i < 3; i++) ${child('args')}`,
  },
];

const hooks: Attack[] = [
  {
    name: 'nextLoad with the URL of another file',
    text: `require('module').registerHooks({ load: (u, c, n) => u.endsWith('approved.cjs') ? n(u.replace('approved', 'dropped'), c) : n(u, c) }); require('./approved.cjs')`,
  },
  {
    name: 'nextLoad with a source',
    text: `const text = require('fs').readFileSync('dropped.mjs', 'utf8'); require('module').registerHooks({ load: (u, c, n) => u.endsWith('dropped.mjs') ? n(u, { ...c, source: text, format: 'module' }) : n(u, c) }); import('./dropped.mjs')`,
  },
  {
    name: 'a hook that answers twice',
    text: `const text = require('fs').readFileSync('dropped.mjs', 'utf8'); let k = 0; require('module').registerHooks({ load: (u, c, n) => { const r = n(u, c); return u.endsWith('dropped.mjs') ? { format: 'module', shortCircuit: true, get source() { return k++ ? text : r.source } } : r } }); import('./dropped.mjs')`,
  },
  {
    name: 'hooks taken out by their prototype',
    text: `const M = require('module'); const p = Object.getPrototypeOf(M.registerHooks({})); const { deregister } = p; const all = []; p.deregister = function () { all.push(this); return deregister.call(this) }; M.registerHooks({}); M.registerHooks({}); for (const h of all) deregister.call(h); ${REQUIRE}`,
  },
  {
    name: 'import() in another context',
    text: `const vm = require('vm'); vm.runInNewContext('import("./dropped.mjs")', {}, { filename: __filename, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER })`,
  },
];

/** What is replaced while a builtin module is asked for, which is when it is patched. */
const replaced = {
  'arrays’ methods': `methods(Array.prototype)`,
  'strings’ methods': `methods(String.prototype)`,
  'functions’ methods': `methods(Function.prototype)`,
  'Object and Reflect': `methods(Object); methods(Reflect)`,
  'process.getBuiltinModule': `one(process, 'getBuiltinModule')`,
  'module.syncBuiltinESMExports': `one(require('module'), 'syncBuiltinESMExports')`,
  globals: `for (const k of ['Proxy', 'String', 'Object', 'Reflect', 'WeakMap', 'Error', 'Symbol']) one(globalThis, k)`,
};

const lazily: Attack[] = Object.entries(replaced).map(([what, say]) => ({
  name: `builtin modules first asked for under ${what} that answer nothing`,
  times: 4,
  text: `
const { defineProperty, getOwnPropertyDescriptor } = Object;
const { ownKeys } = Reflect;
const load = require;
const saved = [];
const one = (owner, key) => saved.push([owner, key, getOwnPropertyDescriptor(owner, key)]);
const methods = (owner) => { for (const key of ownKeys(owner)) { const d = getOwnPropertyDescriptor(owner, key); if (d.configurable && typeof d.value === 'function') one(owner, key) } };
${say};
const names = ['child_process', 'worker_threads', 'node:sqlite'];
for (let i = 0; i < saved.length; i++) defineProperty(saved[i][0], saved[i][1], { __proto__: null, configurable: true, writable: true, value: function () {} });
for (let i = 0; i < 3; i++) try { load(names[i]) } catch {}
for (let i = 0; i < saved.length; i++) defineProperty(saved[i][0], saved[i][1], saved[i][2]);
const get = (name) => { try { return require(name) } catch { return require(name) } };
get('child_process').spawnSync(process.execPath, [${DROPPED}], { env: {}, stdio: 'inherit' });
new (get('worker_threads').Worker)(${DROPPED}, { execArgv: [], env: {} }).on('error', () => {});
import('node:child_process').then(({ spawnSync }) => spawnSync(process.execPath, [${DROPPED}], { env: {}, stdio: 'inherit' }));
try { new (get('node:sqlite').DatabaseSync)(':memory:', { allowExtension: true }).loadExtension(__dirname + '/dropped.so') } catch {}
`,
}));

export const attacks: Attack[] = [...seconds, ...channels, ...children, ...hooks, ...lazily];
