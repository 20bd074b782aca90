/**
 * What somebody tries who knows Node's inside: an approved program, or what has
 * got hold of it, goes around what the preload has put in place. As ways-in.ts.
 */
import { CODE, cjs, entry, type WayIn } from './ways-in.js';

const DROPPED = `__dirname + '/dropped.cjs'`;
const STDIO = `[{ type: 'ignore' }, { type: 'fd', fd: 1 }, { type: 'fd', fd: 2 }]`;
/** Names a shared object that OpenSSL loads when it starts. */
const OPENSSL_CONF = `require('fs').writeFileSync(__dirname + '/openssl.cnf', 'nodejs_conf = a\\nopenssl_conf = a\\n[a]\\nengines = b\\n[b]\\nc = d\\n[d]\\nengine_id = dropped\\ndynamic_path = ' + __dirname + '/dropped.so\\ninit = 0\\n');`;
const APPROVED = { 'approved.cjs': '', 'approved.mjs': '' };

const attempt = (name: string, text: string, more: Partial<WayIn> = {}): WayIn =>
  cjs(name, text, { ...more, files: { 'program.cjs': text, ...APPROVED, ...more.files } });

/** Answers for a builtin in the place of Node, so that the preload's hook is not asked. */
const shortCircuited = (builtin: string, then: string): string =>
  `require('module').registerHooks({ load: (u, c, n) => u === 'node:${builtin}' ? { format: 'builtin', source: null, shortCircuit: true } : n(u, c) }); ${then}`;
const SPAWN = `spawnSync(process.execPath, [${DROPPED}], { env: {}, stdio: 'inherit' })`;

/** Child processes without the preload. */
const children: WayIn[] = [
  attempt(
    'spawn_sync by process.binding',
    `const { output } = process.binding('spawn_sync').spawn({ file: process.execPath, args: [process.execPath, ${DROPPED}], envPairs: [], stdio: [{ type: 'ignore' }, { type: 'pipe', readable: false, writable: true }, { type: 'inherit', fd: 2 }] }); process.stdout.write(output[1])`,
  ),
  attempt(
    'process_wrap by process.binding',
    `const p = new (process.binding('process_wrap').Process)(); p.onexit = () => {}; if (process.version < 'v24') p.spawn({ file: process.execPath, args: [process.execPath, ${DROPPED}], envPairs: [], stdio: ${STDIO} }); else p.spawn(process.execPath, [process.execPath, ${DROPPED}], undefined, [], ${STDIO}, 0)`,
  ),
  attempt(
    'the handle of a ChildProcess',
    `const p = new (require('child_process').ChildProcess)()._handle; p.onexit = () => {}; if (process.version < 'v24') p.spawn({ file: process.execPath, args: [process.execPath, ${DROPPED}], envPairs: [], stdio: ${STDIO} }); else p.spawn(process.execPath, [process.execPath, ${DROPPED}], undefined, [], ${STDIO}, 0)`,
  ),
  attempt(
    'an environment that answers twice',
    `new (require('child_process').ChildProcess)().spawn({ file: process.execPath, args: [process.execPath, ${DROPPED}], get envPairs() { return [] }, set envPairs(v) {}, stdio: 'inherit' })`,
  ),
  attempt(
    'NODE_OPTIONS twice in an environment',
    `new (require('child_process').ChildProcess)().spawn({ file: process.execPath, args: [process.execPath, ${DROPPED}], envPairs: ['NODE_OPTIONS=', 'NODE_OPTIONS=--no-warnings'], stdio: 'inherit' })`,
  ),
  attempt(
    'a diagnostics channel that changes the request',
    `require('diagnostics_channel').subscribe('tracing:child_process.spawn:start', ({ options }) => { options.envPairs = []; options.args = [process.execPath, ${DROPPED}] }); require('child_process').spawn(process.execPath, ['approved.cjs'], { stdio: 'inherit' })`,
    { since: 24 },
  ),
  attempt(
    'child_process by getBuiltinModule',
    `process.getBuiltinModule('child_process').${SPAWN}`,
  ),
  attempt('child_process by import', `import('child_process').then((c) => c.${SPAWN})`),
  attempt(
    'child_process by createRequire',
    `require('module').createRequire('/x')('child_process').${SPAWN}`,
  ),
  attempt('child_process by Module._load', `require('module')._load('child_process').${SPAWN}`),
  attempt(
    'child_process by the main module',
    `process.mainModule.require('child_process').${SPAWN}`,
  ),
  attempt(
    'child_process by the global of a REPL',
    `const { PassThrough } = require('stream'); const input = new PassThrough(); require('repl').start({ input, output: process.stderr, useGlobal: true }); input.end('child_process.spawnSync(process.execPath, [' + JSON.stringify(${DROPPED}) + "], { env: {}, stdio: 'inherit' })\\n")`,
  ),
  attempt(
    'child_process that a hook resolves to',
    `require('module').registerHooks({ resolve: (s, c, n) => s === 'cp' ? { url: 'node:child_process', format: 'builtin', shortCircuit: true } : n(s, c) }); require('cp').${SPAWN}`,
  ),
  attempt(
    'child_process that a hook answers for',
    shortCircuited('child_process', `require('child_process').${SPAWN}`),
  ),
  attempt(
    'child_process that a hook answers for, by import',
    shortCircuited('child_process', `import('child_process').then((c) => c.${SPAWN})`),
  ),
  attempt(
    'run() of node:test',
    `require('node:test').run({ files: [__dirname + '/dropped.test.cjs'] }).on('test:stdout', (e) => process.stdout.write(e.message)).resume()`,
  ),
  attempt(
    'run() of node:test in this process',
    `require('node:test').run({ files: [__dirname + '/dropped.test.cjs'], isolation: 'none' }).on('test:stdout', (e) => process.stdout.write(e.message)).resume()`,
    { since: 24 },
  ),
  entry('--test in one process', ['--test', '--test-isolation=none', 'dropped.test.cjs'], {
    since: 24,
  }),
  entry('--bench', ['--experimental-bench', '--bench', 'dropped.cjs'], { since: 26 }),
  attempt(
    'LD_PRELOAD of a fork',
    `require('child_process').fork('approved.cjs', { env: { LD_PRELOAD: __dirname + '/dropped.so' } })`,
  ),
  attempt(
    'LD_PRELOAD in process.env',
    `process.env.LD_PRELOAD = __dirname + '/dropped.so'; require('child_process').spawnSync(process.execPath, ['approved.cjs'], { stdio: 'inherit' })`,
  ),
  attempt(
    'OPENSSL_CONF of a fork',
    `${OPENSSL_CONF} require('child_process').fork('approved.cjs', { env: { OPENSSL_CONF: __dirname + '/openssl.cnf' } })`,
  ),
  attempt(
    '--openssl-config of a child',
    `${OPENSSL_CONF} require('child_process').spawnSync(process.execPath, ['--openssl-config=openssl.cnf', 'approved.cjs'], { stdio: 'inherit' })`,
  ),
  attempt(
    '--openssl_config of a child',
    `${OPENSSL_CONF} require('child_process').spawn(process.execPath, ['--conditions', 'x', '--openssl_config', 'openssl.cnf', 'approved.cjs'], { stdio: 'inherit' })`,
  ),
  attempt(
    '--openssl-config in a child’s NODE_OPTIONS',
    `${OPENSSL_CONF} require('child_process').spawnSync(process.execPath, ['approved.cjs'], { env: { NODE_OPTIONS: '--openssl-config=' + __dirname + '/openssl.cnf' }, stdio: 'inherit' })`,
  ),
  attempt(
    '--openssl-config by process.execve',
    `${OPENSSL_CONF} process.execve(process.execPath, [process.execPath, '--openssl-config=openssl.cnf', 'approved.cjs'], {})`,
    { since: 24 },
  ),
  attempt(
    '--build-snapshot of a child',
    `require('child_process').spawnSync(process.execPath, ['--snapshot-blob', 'x.blob', '--build-snapshot', 'dropped.cjs'], { stdio: 'inherit' })`,
  ),
  attempt(
    '--env-file of a child',
    `require('child_process').spawnSync(process.execPath, ['--env-file=.env.dropped', 'approved.cjs'], { env: {}, stdio: 'inherit' })`,
  ),
  attempt(
    '--experimental-loader of a child',
    `require('child_process').spawnSync(process.execPath, ['--experimental-loader', './dropped-loader.mjs', 'approved.cjs'], { env: {}, stdio: 'inherit' })`,
  ),
];

/** Workers without the preload. */
const workers: WayIn[] = [
  attempt(
    'a thread by the handle of a Worker',
    `const { Worker, MessageChannel } = require('worker_threads');
    const { prototype } = MessagePort;
    const post = prototype.postMessage;
    let start;
    prototype.postMessage = function (m, t) { if (m?.filename) start = m; return post.call(this, m, t) };
    const w = new Worker(__dirname + '/approved.cjs');
    prototype.postMessage = post;
    const handle = w[Object.getOwnPropertySymbols(w).find((s) => s.description === 'kHandle')];
    const raw = new handle.constructor(null, {}, [], new Float64Array(4), true, false, 'x');
    const own = new MessageChannel(), main = new MessageChannel();
    post.call(raw.messagePort, { ...start, filename: ${DROPPED}, publicPort: own.port2, mainThreadPort: main.port2 }, [own.port2, main.port2]);
    raw.onexit = () => process.exit();
    raw.messagePort.on('message', () => {}); raw.messagePort.start();
    raw.startThread();`,
  ),
  attempt(
    'a Worker whose script is changed on the way',
    `const { Worker } = require('worker_threads'); const post = MessagePort.prototype.postMessage; MessagePort.prototype.postMessage = function (m, t) { if (m?.filename) m.filename = ${DROPPED}; return post.call(this, m, t) }; new Worker(__dirname + '/approved.cjs')`,
  ),
  attempt(
    'Worker that a hook answers for',
    shortCircuited(
      'worker_threads',
      `new (require('worker_threads').Worker)(${DROPPED}, { execArgv: [], env: {} })`,
    ),
  ),
  attempt(
    'Worker that shares an emptied environment',
    `process.env.NODE_OPTIONS = ''; const { Worker, SHARE_ENV } = require('worker_threads'); new Worker(${DROPPED}, { env: SHARE_ENV, execArgv: [] })`,
  ),
  attempt(
    'Worker after NODE_OPTIONS and execArgv are gone',
    `delete process.env.NODE_OPTIONS; process.execArgv.length = 0; new (require('worker_threads').Worker)(${DROPPED})`,
  ),
  attempt(
    'Worker after process.env is replaced',
    `process.env = {}; Object.defineProperty(process, 'execArgv', { value: [] }); new (require('worker_threads').Worker)(${DROPPED})`,
  ),
  attempt(
    'Worker with proxies as options',
    `new (require('worker_threads').Worker)(${DROPPED}, { execArgv: new Proxy([], {}), env: new Proxy({}, {}) })`,
  ),
  entry('a Web Worker', ['--experimental-web-worker', 'program.cjs'], {
    since: 26,
    files: {
      'program.cjs': `const w = new Worker('file://' + ${DROPPED}); setTimeout(() => process.exit(), 3000).unref()`,
    },
  }),
];

/** Shared objects, by what OpenSSL and sqlite load. */
const sharedObjects: WayIn[] = [
  attempt(
    'the engine of a private key',
    `try { require('tls').createSecureContext({ privateKeyEngine: __dirname + '/dropped.so', privateKeyIdentifier: 'x' }) } catch {}`,
  ),
  attempt(
    'the engine of a client certificate',
    `try { require('https').request({ clientCertEngine: __dirname + '/dropped.so' }).on('error', () => {}).end() } catch {}`,
  ),
  attempt(
    'an engine by the class of a secure context',
    `try { require('tls').createSecureContext().context.setClientCertEngine(__dirname + '/dropped.so') } catch {}`,
  ),
  attempt(
    'an engine by its name',
    `process.env.OPENSSL_ENGINES = __dirname; try { require('crypto').setEngine('dropped') } catch {}`,
  ),
  attempt(
    'an engine by process.binding',
    `try { process.binding('crypto').setEngine(__dirname + '/dropped.so', 0xffff) } catch {}`,
    { until: 22 },
  ),
  attempt(
    'sqlite that a hook answers for',
    shortCircuited(
      'sqlite',
      `const d = new (require('node:sqlite').DatabaseSync)(':memory:', { allowExtension: true }); try { d.loadExtension(__dirname + '/dropped.so') } catch {}`,
    ),
  ),
];

/** Hooks and the module cache. */
const loaders: WayIn[] = [
  attempt(
    'hooks taken out through their prototype',
    `const M = require('module'); const P = Object.getPrototypeOf(M.registerHooks({})); const { deregister } = P; const all = []; P.deregister = function () { all.push(this); return deregister.call(this) }; M.registerHooks({}); M.registerHooks({}); for (const h of all) deregister.call(h); require('./dropped.cjs')`,
  ),
  attempt(
    'the list of hooks, by Array methods',
    `const M = require('module'); const seen = new Set(); for (const m of Object.getOwnPropertyNames(Array.prototype)) { const f = Array.prototype[m]; if (typeof f === 'function' && m !== 'constructor') Array.prototype[m] = function (...a) { seen.add(this); return Reflect.apply(f, this, a) } } const h = M.registerHooks({}); h.deregister(); M.registerHooks({}); for (const list of seen) if (Array.isArray(list)) list.length = 0; require('./dropped.cjs')`,
  ),
  attempt(
    'the list of hooks, by a setter',
    `const M = require('module'); const seen = []; for (let i = 0; i < 9; i++) Object.defineProperty(Array.prototype, i, { configurable: true, get() {}, set(value) { seen.push(this); Object.defineProperty(this, i, { value, writable: true, configurable: true, enumerable: true }) } }); M.registerHooks({}); for (let i = 0; i < 9; i++) delete Array.prototype[i]; for (const list of seen) list.length = 0; require('./dropped.cjs')`,
  ),
  attempt(
    'a handle emptied',
    `const h = require('module').registerHooks({ load: (u, c, n) => n(u, c) }); for (const k of Reflect.ownKeys(h)) try { h[k] = undefined } catch {} require('./dropped.cjs')`,
  ),
  attempt(
    'a hook that asks for another file',
    `require('module').registerHooks({ load: (u, c, n) => n(u.replace('approved', 'dropped'), c) }); require('./approved.cjs')`,
  ),
  attempt(
    'a hook that brings the source with it',
    `const source = require('fs').readFileSync(__dirname + '/dropped.mjs', 'utf8'); require('module').registerHooks({ load: (u, c, n) => u.endsWith('dropped.mjs') ? n(u, { ...c, source, format: 'module' }) : n(u, c) }); import('./dropped.mjs')`,
  ),
  attempt(
    'a hook that asks for a data: URL',
    `require('module').registerHooks({ load: (u, c, n) => u.endsWith('approved.mjs') ? n('data:text/javascript,' + encodeURIComponent(${JSON.stringify(`import { writeSync } from 'node:fs'; writeSync(1, 'RAN\\n')`)}), { format: 'module', importAttributes: {} }) : n(u, c) }); import('./approved.mjs')`,
    { kind: 'interactive' },
  ),
  attempt(
    'the module cache',
    `const m = new (require('module'))('x'); m.filename = ${DROPPED}; require.cache[${DROPPED}] = m; delete require.cache[${DROPPED}]; require('./dropped.cjs')`,
  ),
  attempt(
    'a symbol that says that the preload is there',
    `try { Object.defineProperty(process, Symbol.for('mayexec.register'), { value: false }) } catch {} delete process[Symbol.for('mayexec.register')]; require('./dropped.cjs')`,
  ),
];

/** The inspector, opened from beside the preload. */
const inspector: WayIn[] = [
  attempt(
    'SIGUSR1 from another process',
    `const { spawn } = require('child_process'); spawn('/bin/sh', ['-c', 'kill -USR1 ' + process.pid]).on('close', () => { let i = 0; setInterval(() => { if (require('inspector').url()) { ${CODE}; process.exit() } if (++i === 20) process.exit() }, 50) })`,
    { kind: 'interactive', args: ['--inspect-port=0', 'program.cjs'] },
  ),
  attempt(
    'SIGUSR1 when its handler is gone',
    `process.removeAllListeners(); process.kill(process.pid, 'SIGUSR1'); let i = 0; setInterval(() => { if (require('inspector').url()) { ${CODE}; process.exit() } if (++i === 20) process.exit() }, 50)`,
    { kind: 'interactive', args: ['--inspect-port=0', 'program.cjs'] },
  ),
  attempt(
    'process._debugProcess',
    `process._debugProcess(process.pid); let i = 0; setInterval(() => { if (require('inspector').url()) { ${CODE}; process.exit() } if (++i === 20) process.exit() }, 50)`,
    { kind: 'interactive', args: ['--inspect-port=0', 'program.cjs'] },
  ),
  attempt(
    'open() by process.binding',
    `process.binding('inspector').open(0, '127.0.0.1', false); ${CODE}; process.exit()`,
    { kind: 'interactive' },
  ),
  attempt(
    'a session that requires the file',
    `const s = new (require('inspector').Session)(); s.connect(); s.post('Runtime.evaluate', { expression: 'process.mainModule.require(' + JSON.stringify(${DROPPED}) + ')' })`,
  ),
];

export const attempts: WayIn[] = [
  ...children,
  ...workers,
  ...sharedObjects,
  ...loaders,
  ...inspector,
];
