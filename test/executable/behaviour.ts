/** Programs that the executable runs as `node` does: same output, same exit status. */
export interface Behaviour {
  name: string;
  args: string[];
  files?: Record<string, string>;
  input?: string;
  env?: Record<string, string>;
}

const SHOW = `console.log(JSON.stringify([process.argv.slice(1).map((a) => require('path').basename(a)), process.execArgv, __filename.split('/').pop(), require.main === module]))`;

const cjs = (name: string, text: string, more: Partial<Behaviour> = {}): Behaviour => ({
  name,
  args: ['program.cjs'],
  files: { 'program.cjs': text },
  ...more,
});

export const behaviours: Behaviour[] = [
  cjs('arguments, main module, __filename', SHOW, { args: ['program.cjs', 'a', '--b', '-e'] }),
  cjs('options that Node takes', SHOW, {
    args: ['--no-warnings', '--stack-trace-limit=3', '--title', 'x', 'program.cjs', 'a'],
  }),
  cjs('-- before the script', SHOW, { args: ['--', 'program.cjs'] }),
  cjs('a script without its extension', SHOW, { args: ['program'], files: { 'program.js': SHOW } }),
  cjs('a folder', SHOW, { args: ['.'], files: { 'index.js': SHOW } }),
  {
    name: 'an ES module',
    args: ['program.mjs', 'a'],
    files: {
      'program.mjs': `import path from 'node:path'; console.log(path.basename(import.meta.filename), import.meta.main, process.argv.length, await 1)`,
    },
  },
  {
    name: 'ES module syntax in .js',
    args: ['program.js'],
    files: {
      'program.js': `import 'node:fs'; console.log(typeof require, import.meta.url.length > 0)`,
    },
  },
  {
    name: 'TypeScript',
    args: ['program.ts'],
    files: { 'program.ts': `const s: string = 'typed'; console.log(s)` },
  },
  {
    name: 'a file: URL',
    args: ['--entry-url', 'file:program.mjs?x=1'],
    files: { 'program.mjs': `console.log(import.meta.url.split('/').pop())` },
  },
  cjs('--require', SHOW, {
    args: ['--require', './first.cjs', 'program.cjs'],
    files: { 'program.cjs': SHOW, 'first.cjs': `console.log('first', module.id === '.')` },
  }),
  cjs('--import', `console.log('second', globalThis.first)`, {
    args: ['--import', './first.mjs', 'program.cjs'],
    files: {
      'program.cjs': `console.log('second', globalThis.first)`,
      'first.mjs': `globalThis.first = await 1`,
    },
  }),
  cjs('--conditions', `require('dependency'); import('dependency')`, {
    args: ['-C', 'special', 'program.cjs'],
    files: {
      'program.cjs': `require('dependency'); import('dependency')`,
      'node_modules/dependency/package.json': `{"exports":{"special":"./special.js","default":"./default.js"}}`,
      'node_modules/dependency/special.js': `console.log('special')`,
      'node_modules/dependency/default.js': `console.log('default')`,
    },
  }),
  cjs('--throw-deprecation', `new Buffer(1)`, { args: ['--throw-deprecation', 'program.cjs'] }),
  cjs('an exit status', `process.exitCode = 7`),
  cjs('an error that nobody catches', `console.log('before'); throw new Error('x')`),
  cjs('a rejection that nobody catches', `Promise.reject(new Error('x'))`),
  cjs(
    'uncaughtException',
    `process.on('uncaughtException', (e) => console.log('caught', e.message)); throw new Error('x')`,
  ),
  { name: 'a file that is not there', args: ['nothing.js'] },
  { name: '-e', args: ['-e', SHOW.replace('require.main === module', 'typeof require'), 'a'] },
  {
    name: '-e with modules of the folder and import()',
    args: [
      '-e',
      `console.log(require('./data.json'), __dirname, fs.existsSync('.')); import('./data.mjs')`,
    ],
    files: { 'data.json': '1', 'data.mjs': `console.log('imported')` },
  },
  {
    name: '-e as an ES module',
    args: [
      '--input-type=module',
      '-e',
      `import './data.mjs'; console.log(import.meta.url.split('/').pop())`,
    ],
    files: { 'data.mjs': `console.log('imported')` },
  },
  {
    name: '-e with the syntax of an ES module',
    args: ['-e', `import './data.mjs'; console.log(typeof require)`],
    files: { 'data.mjs': `console.log('imported')` },
  },
  {
    name: '-e that is TypeScript',
    args: ['--input-type=commonjs-typescript', '-e', `const s: string = 'typed'; console.log(s)`],
  },
  { name: '-e that throws', args: ['-e', `throw new Error('x')`] },
  { name: '-e that is no code', args: ['-e', `this is no code`] },
  { name: '-p', args: ['-p', `[os.EOL, process.argv.length]`] },
  {
    name: 'standard input',
    args: [],
    input: SHOW.replace('require.main === module', 'typeof require'),
  },
  {
    name: 'standard input with arguments',
    args: ['-', 'a'],
    input: `console.log(process.argv.slice(1))`,
  },
  {
    name: 'standard input as an ES module',
    args: ['--input-type=module'],
    input: `import 'node:fs'; console.log(typeof require)`,
  },
  { name: 'a REPL', args: ['-i'], input: `1 + 1\nos.EOL\n` },
  cjs(
    'a Worker',
    `if (require('worker_threads').isMainThread) new (require('worker_threads').Worker)(__filename, { argv: ['a'], workerData: 5 }); else { const { workerData } = require('worker_threads'); console.log(workerData); ${SHOW} }`,
  ),
  cjs(
    'a Worker that is an ES module',
    `new (require('worker_threads').Worker)(__dirname + '/worker.mjs')`,
    {
      files: {
        'program.cjs': `new (require('worker_threads').Worker)(__dirname + '/worker.mjs')`,
        'worker.mjs': `console.log(import.meta.url.split('/').pop())`,
      },
    },
  ),
  cjs(
    'a Worker with options',
    `new (require('worker_threads').Worker)(__dirname + '/worker.cjs', { execArgv: ['--no-warnings', '-r', __dirname + '/first.cjs'], env: { A: '1' } })`,
    {
      files: {
        'program.cjs': `new (require('worker_threads').Worker)(__dirname + '/worker.cjs', { execArgv: ['--no-warnings', '-r', __dirname + '/first.cjs'], env: { A: '1' } })`,
        'worker.cjs': `console.log(process.execArgv.length, process.env.A, Object.keys(process.env).length)`,
        'first.cjs': `console.log('first')`,
      },
    },
  ),
  cjs(
    'a Worker that shares the environment',
    `const { Worker, SHARE_ENV } = require('worker_threads'); new Worker('process.env.A = 1', { eval: true, env: SHARE_ENV }).on('exit', () => console.log(process.env.A))`,
  ),
  cjs(
    'a Worker of code',
    `new (require('worker_threads').Worker)(${JSON.stringify(SHOW.replace('require.main === module', 'typeof require'))}, { eval: true, argv: ['a'] })`,
  ),
  cjs(
    'a Worker of code that throws',
    `new (require('worker_threads').Worker)('throw new TypeError("x")', { eval: true }).on('error', (e) => console.log(e.name, e.message))`,
  ),
  cjs(
    'a Worker that has no file',
    `new (require('worker_threads').Worker)(__dirname + '/nothing.cjs').on('error', (e) => console.log(/MODULE_NOT_FOUND$/.test(e.code)))`,
  ),
  cjs(
    'a Worker with an option that is none',
    `try { new (require('worker_threads').Worker)(__filename, { execArgv: ['--nothing'] }) } catch (e) { console.log(e.code) }`,
  ),
  cjs(
    'a Worker by a path that is none',
    `try { new (require('worker_threads').Worker)('program.cjs') } catch (e) { console.log(e.code) }`,
  ),
  cjs(
    'fork',
    `if (process.argv[2]) process.send(process.argv.length); else require('child_process').fork(__filename, ['x']).on('message', (m) => console.log(m)).on('exit', (s) => console.log(s))`,
  ),
  cjs(
    'fork with options',
    `if (process.argv[2]) console.log(process.execArgv); else require('child_process').fork(__filename, ['x'], { execArgv: ['--no-warnings'] })`,
  ),
  cjs(
    'cluster',
    `const c = require('cluster'); if (c.isPrimary) c.fork().on('message', (m) => console.log(m)).on('exit', (s) => console.log(s)); else process.send(c.worker.id, () => process.disconnect())`,
  ),
];
