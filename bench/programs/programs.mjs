/*
 * Programs that people run: for each the files of a small project, the arguments
 * of Node, and what of its output is never twice the same.
 */

const modules = Array.from({ length: 30 }, (_, i) => `m${i}`);

/** A program that answers its own requests, and ends. */
const served = (start) => `
  const { get } = require('node:http');
  const ask = (port, path) => new Promise((done, fail) => get({ port, path }, (response) => {
    let text = '';
    response.on('data', (data) => (text += data)).on('end', () => done(response.statusCode + ' ' + text));
  }).on('error', fail));
  ${start}
  async function exchange(port, close) {
    for (let i = 0; i < 20; i++) console.log(await ask(port, i % 5 === 4 ? '/missing' : '/hello/' + i));
    close();
  }`;

const tests = (head) => ({
  'sum.js': `exports.sum = (a, b) => a + b;`,
  'a.test.js': `${head} const { sum } = require('./sum.js'); test('adds', () => { if (sum(1, 2) !== 3) throw new Error('not 3'); });`,
  'b.test.js': `${head} const { sum } = require('./sum.js'); test('adds strings', () => { if (sum('a', 'b') !== 'ab') throw new Error('not ab'); });`,
});

const bundled = {
  'src/index.js': `${modules.map((m) => `import { ${m} } from './${m}.js';`).join('\n')}\nconsole.log(${modules.join(' + ')});`,
  ...Object.fromEntries(
    modules.map((m, i) => [
      `src/${m}.js`,
      `export const ${m} = ${i}; export const unused = '${m}';`,
    ]),
  ),
};

const nextProject = {
  'package.json': `{ "name": "project", "private": true }`,
  'next.config.mjs': `const root = process.cwd() + '/../..';
    export default { typescript: { ignoreBuildErrors: true }, outputFileTracingRoot: root, turbopack: { root } };`,
  'app/layout.js': `export default function Layout({ children }) { return <html><body>{children}</body></html>; }`,
  'app/page.js': `export default function Page() { return <p>hello</p>; }`,
  'app/api/route.js': `export function GET() { return new Response('hello'); }`,
};

/**
 * `bin` is a file in node_modules. `status` is the exit status in plain Node, when it is not 0. The
 * comparison leaves out times and the patterns in `differs`. With `sorted` it leaves out the order
 * of lines. `packages` are those that it needs beside that of `bin`. `made` is the folder that the program writes. The commands in `prepare` run once, in
 * plain Node. `refused` says why the policy must refuse the program.
 */
export const programs = [
  {
    name: 'npm ls',
    bin: 'npm/bin/npm-cli.js',
    args: ['ls', '--all', '--prefix', '../..'],
    files: {},
  },
  {
    name: 'npm install',
    bin: 'npm/bin/npm-cli.js',
    args: ['install', '--offline', '--no-audit', '--no-fund', '--cache=.cache', './dependency'],
    files: {
      'package.json': `{ "name": "project", "version": "1.0.0" }`,
      'dependency/package.json': `{ "name": "dependency", "version": "1.0.0", "main": "index.js" }`,
      'dependency/index.js': `module.exports = 1;`,
    },
    made: 'node_modules',
  },
  {
    name: 'eslint',
    bin: 'eslint/bin/eslint.js',
    args: ['src'],
    status: 1,
    files: {
      'eslint.config.mjs': `export default [{ rules: { 'no-unused-vars': 'error', 'no-undef': 'error' } }];`,
      ...bundled,
    },
  },
  {
    name: 'tsc',
    bin: 'typescript/bin/tsc',
    args: ['--listEmittedFiles'],
    status: 2,
    files: {
      'tsconfig.json': `{ "compilerOptions": { "outDir": "out", "strict": true, "types": [] }, "include": ["src"] }`,
      'src/index.ts': `import { twice } from './twice'; const n: number = twice('x'); export { n };`,
      'src/twice.ts': `export function twice(n: number): number { return 2 * n; }`,
    },
    made: 'out',
  },
  {
    name: 'webpack',
    bin: 'webpack-cli/bin/cli.js',
    packages: ['webpack'],
    args: ['--mode', 'production', '--no-stats', '--output-path', 'out'],
    files: bundled,
    made: 'out',
  },
  {
    name: 'vite build',
    bin: 'vite/bin/vite.js',
    args: ['build'],
    files: {
      ...bundled,
      'index.html': `<script type="module" src="/src/index.js"></script>`,
    },
    made: 'dist',
  },
  {
    name: 'vite build with a config',
    bin: 'vite/bin/vite.js',
    args: ['build', '--configLoader', 'native'],
    files: {
      ...bundled,
      'vite.config.mjs': `export default { build: { minify: false } };`,
      'index.html': `<script type="module" src="/src/index.js"></script>`,
    },
    made: 'dist',
  },
  {
    name: 'express',
    packages: ['express'],
    args: ['server.cjs'],
    files: {
      'server.cjs': served(`
        const app = require('express')();
        app.get('/hello/:name', (request, response) => response.send('hello ' + request.params.name));
        const server = app.listen(0, () => exchange(server.address().port, () => server.close()));`),
    },
    differs: [/node_modules.*?at /g],
  },
  {
    name: 'fastify',
    packages: ['fastify'],
    args: ['server.cjs'],
    files: {
      'server.cjs': served(`
        const app = require('fastify')();
        app.get('/hello/:name', async (request) => ({ hello: request.params.name }));
        app.listen({ port: 0 }).then(() => exchange(app.server.address().port, () => app.close()));`),
    },
  },
  {
    name: 'jest',
    bin: 'jest/bin/jest.js',
    args: ['--maxWorkers=2', '--no-cache', '--verbose'],
    files: { 'package.json': `{ "name": "project", "jest": { "watchman": false } }`, ...tests('') },
    // Which of the two ends first.
    sorted: true,
    // What it says where the machine is slow.
    differs: [/ \(TIME\)$/gm, /^A worker process has failed to exit gracefully .*$/gm],
  },
  {
    name: 'vitest',
    bin: 'vitest/vitest.mjs',
    args: ['run', '--reporter=verbose', '--globals'],
    files: tests(''),
    sorted: true,
  },
  {
    name: 'mocha',
    bin: 'mocha/bin/mocha.js',
    args: ['a.test.js', 'b.test.js'],
    files: tests(`const test = it;`),
  },
  {
    name: 'node --test',
    args: ['--test', '--test-reporter=spec'],
    files: tests(`const test = require('node:test');`),
    differs: [/pid: \d+/g],
    sorted: true,
  },
  {
    name: 'prettier',
    bin: 'prettier/bin/prettier.cjs',
    args: ['src'],
    files: bundled,
  },
  {
    name: 'tsx',
    bin: 'tsx/dist/cli.mjs',
    args: ['index.ts'],
    files: {
      'index.ts': `import { twice } from './twice'; console.log(twice(21) as number, new Error('x').stack?.split('\\n')[1]);`,
      'twice.ts': `export const twice = (n: number): number => 2 * n;`,
    },
  },
  {
    name: 'ts-node',
    bin: 'ts-node/dist/bin.js',
    args: ['index.ts'],
    files: {
      'tsconfig.json': `{ "compilerOptions": { "module": "commonjs", "target": "es2022", "types": [] } }`,
      'index.ts': `import { twice } from './twice'; (globalThis as any).console.log(twice(21));`,
      'twice.ts': `export const twice = (n: number): number => 2 * n;`,
    },
  },
  {
    name: 'next build',
    bin: 'next/dist/bin/next',
    args: ['build'],
    env: { NEXT_TELEMETRY_DISABLED: '1' },
    files: nextProject,
    rounds: 3,
    sorted: true,
    refused: 'it runs the pages that it has just made; build first, then seal',
  },
  {
    name: 'next, as built',
    packages: ['next'],
    args: ['server.cjs'],
    env: { NEXT_TELEMETRY_DISABLED: '1' },
    prepare: [
      ['next/dist/bin/next', 'build'],
      // Whatever the umask, it makes files that the group may write.
      ['chmod', '-R', 'go-w', '.next'],
      ['mayexec', 'seal', '--no-journal', '.'],
    ],
    files: {
      ...nextProject,
      'server.cjs': `
        const next = require('next')({ dev: false, dir: __dirname });
        next.prepare().then(async () => {
          const server = require('node:http').createServer(next.getRequestHandler());
          await new Promise((done) => server.listen(0, done));
          for (const path of ['/', '/api', '/missing']) {
            const response = await fetch('http://localhost:' + server.address().port + path);
            console.log(path, response.status, (await response.text()).length);
          }
          process.exit();
        });`,
    },
  },
];
