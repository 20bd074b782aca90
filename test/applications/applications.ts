/** The applications of `npm run applications`: how each is installed, started, asked and upgraded. */
import { join } from 'node:path';

export interface Places {
  /** Where the application is. */
  readonly root: string;
  /** A directory that it may write, as its HOME. */
  readonly state: string;
  readonly port: number;
}

export interface Application {
  readonly name: string;
  readonly manager?: 'npm' | 'pnpm' | 'yarn';
  readonly files: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  /** The dependencies of the next release. */
  readonly upgrade: Readonly<Record<string, string>>;
  /** Versions in the place of tags, which not every registry has. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** What is run in Node after the installation: a file in node_modules, and its arguments. */
  readonly build?: readonly string[];
  /** Packages that are compiled. */
  readonly compiled?: readonly string[];
  /** The arguments of Node. */
  readonly start: (places: Places) => readonly string[];
  /** What it answers to a GET of the path. */
  readonly path: string;
  readonly answers: RegExp;
}

const server = (body: string): string => `'use strict';
${body}
require('node:http')
  .createServer(async (request, response) => response.end(String(await answer())))
  .listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;

const fastify = server(`const app = require('fastify')();
app.get('/', async () => 'hello of fastify');
const answer = async () => (await app.inject('/')).body;`);

const nextFiles = {
  'next.config.mjs': `const root = import.meta.dirname;
export default { outputFileTracingRoot: root, turbopack: { root } };
`,
  'app/layout.js': `export default function Layout({ children }) { return <html><body>{children}</body></html>; }\n`,
  'app/page.js': `export default function Page() { return <p>hello of next</p>; }\n`,
};

export const applications: readonly Application[] = [
  {
    name: 'fastify, piscina, better-sqlite3',
    files: {
      'server.js': server(`const { join } = require('node:path');
const app = require('fastify')();
const pool = new (require('piscina').Piscina)({ filename: join(__dirname, 'worker.js') });
const database = new (require('better-sqlite3'))(':memory:');
app.get('/', async () => 'hello ' + (await pool.run(6)) + ' ' + database.prepare('SELECT 7 AS n').get().n);
const answer = async () => (await app.inject('/')).body;`),
      'worker.js': `module.exports = (n) => n * 7;\n`,
    },
    dependencies: { fastify: '5.12.7', piscina: '5.3.1', 'better-sqlite3': '13.2.0' },
    upgrade: { fastify: '5.12.8', piscina: '5.3.2' },
    compiled: ['better-sqlite3'],
    start: ({ root }) => [join(root, 'server.js')],
    path: '/',
    answers: /^hello 42 7$/,
  },
  {
    name: 'verdaccio',
    files: {
      'config.yaml': `storage: ./storage
packages: { '**': { access: $all } }
log: { type: stdout, format: pretty, level: error }
`,
    },
    dependencies: { verdaccio: '6.10.3' },
    upgrade: { verdaccio: '6.10.4' },
    overrides: { 'node-fetch': '2.7.0' },
    start: ({ root, port }) => [
      join(root, 'node_modules/verdaccio/bin/verdaccio'),
      ...['--config', 'config.yaml', '--listen', `127.0.0.1:${port}`],
    ],
    path: '/-/ping',
    answers: /^\{\}/,
  },
  {
    name: 'node-red',
    // By default it writes them beside its data, and loads them as code.
    files: { 'settings.js': `module.exports = { flowFile: 'flows.json' };\n` },
    dependencies: { 'node-red': '5.0.4' },
    upgrade: { 'node-red': '5.0.7' },
    start: ({ root, state, port }) => [
      join(root, 'node_modules/node-red/red.js'),
      ...['--settings', join(root, 'settings.js')],
      ...['--userDir', join(state, 'red'), '--port', String(port)],
    ],
    path: '/settings',
    answers: /"version":"5/,
  },
  {
    name: 'next',
    files: nextFiles,
    dependencies: { next: '16.4.5', react: '19.3.1', 'react-dom': '19.3.1' },
    upgrade: { next: '16.4.6' },
    build: ['next/dist/bin/next', 'build'],
    start: ({ root, port }) => [
      join(root, 'node_modules/next/dist/bin/next'),
      ...['start', root, '--port', String(port)],
    ],
    path: '/',
    answers: /hello of next/,
  },
  {
    name: 'http-server',
    files: { 'public/hello.txt': 'hello of http-server\n' },
    dependencies: { 'http-server': '14.1.0' },
    upgrade: { 'http-server': '14.1.1' },
    start: ({ root, port }) => [
      join(root, 'node_modules/http-server/bin/http-server'),
      ...[join(root, 'public'), '-p', String(port), '-a', '127.0.0.1'],
    ],
    path: '/hello.txt',
    answers: /^hello of http-server$/m,
  },
  {
    name: 'json-server',
    files: { 'db.json': '{ "posts": [{ "id": 1, "title": "hello of json-server" }] }\n' },
    dependencies: { 'json-server': '0.17.3' },
    upgrade: { 'json-server': '0.17.4' },
    start: ({ root, port }) => [
      join(root, 'node_modules/json-server/lib/cli/bin.js'),
      ...[join(root, 'db.json'), '--port', String(port), '--host', '127.0.0.1'],
    ],
    path: '/posts/1',
    answers: /hello of json-server/,
  },
  {
    name: 'pm2',
    files: { 'server.js': server(`const answer = () => 'hello of pm2';`) },
    dependencies: { pm2: '7.0.3' },
    upgrade: { pm2: '7.0.4' },
    start: ({ root }) => [
      join(root, 'node_modules/pm2/bin/pm2-runtime'),
      ...['start', join(root, 'server.js')],
    ],
    path: '/',
    answers: /^hello of pm2$/,
  },
  {
    name: 'pnpm',
    manager: 'pnpm',
    files: { 'server.js': fastify },
    dependencies: { fastify: '5.12.7' },
    upgrade: { fastify: '5.12.8' },
    start: ({ root }) => [join(root, 'server.js')],
    path: '/',
    answers: /^hello of fastify$/,
  },
  {
    name: 'Yarn 4, PnP, unplugged',
    manager: 'yarn',
    files: { 'server.js': fastify },
    dependencies: { fastify: '5.12.7' },
    upgrade: { fastify: '5.12.8' },
    start: ({ root }) => ['--require', join(root, '.pnp.cjs'), join(root, 'server.js')],
    path: '/',
    answers: /^hello of fastify$/,
  },
];
