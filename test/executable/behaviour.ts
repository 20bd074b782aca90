import { programsIn } from '../support/programs.js';

/** Programs that the executable runs as `node` does: same output, same exit status. */
export interface Behaviour {
  name: string;
  args: string[];
  files?: Record<string, string>;
  input?: string;
  env?: Record<string, string>;
}

const program = programsIn(new URL('ways/', import.meta.url));
/** Says what it was started with. */
const SHOW = program('behaviour/show.cjs');

const cjs = (name: string, text: string, more: Partial<Behaviour> = {}): Behaviour => ({
  name,
  args: ['program.cjs'],
  ...more,
  files: { 'program.cjs': text, ...more.files },
});

export const behaviours: Behaviour[] = [
  cjs('arguments, main module, __filename', SHOW, { args: ['program.cjs', 'a', '--b', '-e'] }),
  cjs('options that Node takes', SHOW, {
    args: ['--no-warnings', '--stack-trace-limit=3', '--title', 'x', 'program.cjs', 'a'],
  }),
  cjs('-- before the script', SHOW, {
    args: ['--', 'program.cjs'],
  }),
  cjs('a script without its extension', SHOW, {
    args: ['program'],
    files: { 'program.js': SHOW },
  }),
  cjs('a folder', SHOW, {
    args: ['.'],
    files: { 'index.js': SHOW },
  }),
  {
    name: 'an ES module',
    args: ['program.mjs', 'a'],
    files: {
      'program.mjs': program('behaviour/an-es-module.mjs'),
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
    files: { 'first.cjs': `console.log('first', module.id === '.')` },
  }),
  cjs('--import', `console.log('second', globalThis.first)`, {
    args: ['--import', './first.mjs', 'program.cjs'],
    files: {
      'first.mjs': `globalThis.first = await 1`,
    },
  }),
  cjs('--conditions', `require('dependency'); import('dependency')`, {
    args: ['-C', 'special', 'program.cjs'],
    files: {
      'node_modules/dependency/package.json': `{"exports":{"special":"./special.js","default":"./default.js"}}`,
      'node_modules/dependency/special.js': `console.log('special')`,
      'node_modules/dependency/default.js': `console.log('default')`,
    },
  }),
  cjs('--throw-deprecation', `new Buffer(1)`, { args: ['--throw-deprecation', 'program.cjs'] }),
  cjs('--no-deprecation', program('behaviour/deprecated.cjs'), {
    args: ['--no-deprecation', 'program.cjs'],
  }),
  cjs('a deprecation', program('behaviour/deprecated.cjs')),
  cjs(
    'the traces of warnings',
    `console.log(process.traceDeprecation, process.traceProcessWarnings)`,
    {
      args: ['--trace-deprecation', '--trace-warnings', 'program.cjs'],
    },
  ),
  cjs('--enable-source-maps', program('behaviour/mapped.cjs'), {
    args: ['--enable-source-maps', 'program.cjs'],
  }),
  { name: '--version', args: ['--version'] },
  cjs('an exit status', `process.exitCode = 7`),
  cjs('an error that nobody catches', `console.log('before'); throw new Error('x')`),
  cjs('a rejection that nobody catches', `Promise.reject(new Error('x'))`),
  cjs('uncaughtException', program('behaviour/uncaughtexception.cjs')),
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
  cjs('a Worker', program('behaviour/a-worker.cjs')),
  cjs(
    'a Worker that is an ES module',
    `new (require('worker_threads').Worker)(__dirname + '/worker.mjs')`,
    {
      files: {
        'worker.mjs': `console.log(import.meta.url.split('/').pop())`,
      },
    },
  ),
  cjs('a Worker with options', program('behaviour/a-worker-with-options.cjs'), {
    files: {
      'worker.cjs': program('behaviour/a-worker-with-options-worker.cjs'),
      'first.cjs': `console.log('first')`,
    },
  }),
  cjs(
    'a Worker that shares the environment',
    program('behaviour/a-worker-that-shares-the-environment.cjs'),
  ),
  cjs('a Worker of code', program('behaviour/a-worker-of-code.cjs')),
  cjs('a Worker of code that throws', program('behaviour/a-worker-of-code-that-throws.cjs')),
  cjs('a Worker that has no file', program('behaviour/a-worker-that-has-no-file.cjs')),
  cjs(
    'a Worker with an option that is none',
    program('behaviour/a-worker-with-an-option-that-is-none.cjs'),
  ),
  cjs('a Worker by a path that is none', program('behaviour/a-worker-by-a-path-that-is-none.cjs')),
  cjs('fork', program('behaviour/fork.cjs')),
  cjs('fork with options', program('behaviour/fork-with-options.cjs')),
  cjs('cluster', program('behaviour/cluster.cjs')),
];
