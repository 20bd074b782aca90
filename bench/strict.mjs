/*
 * strict.mjs FOLDER [--node PATH]: programs that need strings as code, under `run --strict`.
 *
 * Each is run in plain Node, then by `mayexec scan --strict`, which prints the gates that it
 * needs, then under both locked bits with those gates and no others. What it prints must be
 * the same. Installs what it needs into FOLDER, from the npm registry, and seals it. Needs root.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { node: { type: 'string', default: process.execPath } },
  allowPositionals: true,
});
const [given] = positionals;
if (given === undefined) {
  console.error('usage: strict.mjs FOLDER [--node PATH]');
  process.exit(2);
}
const folder = resolve(given);
const node = resolve(values.node);
const root = join(import.meta.dirname, '..');
const cli = join(root, 'dist/cli.cjs');
const launcher = join(root, 'build/Release/mayexec-run');

const PACKAGES =
  'fastify@5 json-server@0.17 http-server@14 node-red@4 verdaccio@6 eslint@9 prettier@3 next@15 react react-dom';

/** Asks a server of this process, prints what it says, and ends. */
const asked = (path) => `
  async function ask(port) {
    const response = await fetch('http://127.0.0.1:' + port + '${path}');
    console.log(response.status, (await response.text()).slice(0, 60).replaceAll('\\n', ' '));
    process.exit();
  }`;

/** The text of a script, or the words of a command. */
const programs = {
  fastify: `${asked('/a')}
    const app = require('fastify')();
    app.get('/:name', { schema: { response: { 200: { type: 'object', properties: { name: { type: 'string' } } } } } },
      async (request) => request.params);
    app.listen({ port: 0 }).then(() => ask(app.server.address().port));`,
  'json-server': `${asked('/posts')}
    const server = require('json-server').create();
    server.use(require('json-server').router({ posts: [{ id: 1 }] }));
    const listening = server.listen(0, () => ask(listening.address().port));`,
  'http-server': `${asked('/')}
    const { server } = require('http-server').createServer({ root: __dirname + '/public' });
    server.listen(0, () => ask(server.address().port));`,
  'node-red': `${asked('/red/icons/node-red/inject.svg')}
    const http = require('node:http'), express = require('express'), app = express();
    const server = http.createServer(app), red = require('node-red');
    red.init(server, { httpAdminRoot: '/red', httpNodeRoot: '/api', userDir: __dirname + '/red', logging: { console: { level: 'off' } } });
    app.use('/red', red.httpAdmin);
    server.listen(0, () => red.start().then(() => ask(server.address().port)));`,
  verdaccio: `${asked('/-/ping')}
    require('verdaccio').runServer({
      configPath: __dirname + '/verdaccio.yaml', self_path: __dirname + '/verdaccio.yaml',
      storage: __dirname + '/storage', uplinks: {}, packages: { '**': { access: '$all' } },
      web: { enable: false }, log: { type: 'stdout', level: 'fatal' },
    }).then((server) => server.listen(0, function () { ask(this.address().port); }));`,
  next: `${asked('/')}
    const app = require('next')({ dev: false, dir: __dirname + '/next', quiet: true });
    app.prepare().then(() => {
      const server = require('node:http').createServer(app.getRequestHandler());
      server.listen(0, () => ask(server.address().port));
    });`,
  eslint: [
    'node_modules/eslint/bin/eslint.js',
    '--no-config-lookup',
    '--rule',
    '{"no-var":1}',
    'looked-at.js',
  ],
  prettier: ['node_modules/prettier/bin/prettier.cjs', '--no-config', 'looked-at.js'],
};

function install() {
  mkdirSync(join(folder, 'public'), { recursive: true });
  mkdirSync(join(folder, 'next/app'), { recursive: true });
  const files = {
    'looked-at.js': 'var a  =  1;\n',
    'public/index.html': '<p>hello</p>\n',
    'next/package.json': '{ "private": true }\n',
    'next/app/layout.js':
      'export default ({ children }) => <html><body>{children}</body></html>;\n',
    'next/app/page.js': 'export default () => <p>hello</p>;\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  for (const [name, program] of Object.entries(programs)) {
    if (typeof program === 'string') writeFileSync(join(folder, `${name}.cjs`), program);
  }
  if (!existsSync(join(folder, 'package.json'))) {
    // verdaccio asks for node-fetch by a tag, which not every registry has.
    const manifest = { private: true, overrides: { 'node-fetch': '2.7.0' } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  }
  const options = { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] };
  if (!existsSync(join(folder, 'node_modules/fastify'))) {
    execFileSync('npm', ['install', '--ignore-scripts', ...PACKAGES.split(' ')], options);
  }
  if (!existsSync(join(folder, 'next/.next/BUILD_ID'))) {
    const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
    execFileSync(node, ['node_modules/next/dist/bin/next', 'build', 'next'], { ...options, env });
  }
  execFileSync('chmod', ['-R', 'go-w', '.'], options);
  execFileSync(process.execPath, [cli, 'seal', '--no-journal', '.'], options);
}

function run(command) {
  const [program, ...args] = command;
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}

install();
let failed = 0;
console.log(`Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`);
for (const [name, program] of Object.entries(programs)) {
  const command = [node, ...(typeof program === 'string' ? [`${name}.cjs`] : program)];
  const plain = run(command);
  const scanned = run([process.execPath, cli, 'scan', '--strict', '--', ...command]);
  const gates = [...`${scanned.stdout}${scanned.stderr}`.matchAll(/--allow[= ](\w+)/g)].map(
    ([, gate]) => gate,
  );
  const allowed = [...new Set(gates)].map((gate) => `--allow=${gate}`);
  const strict = run([launcher, '--lock', '--strict', ...allowed, '--', ...command]);
  const same =
    strict.status === plain.status && strict.stdout === plain.stdout && plain.status === 0;
  if (!same) failed++;
  console.log(
    `${name.padEnd(12)} ${same ? 'the same' : 'DIFFERS '}  ${allowed.join(' ') || '(no gate)'}`,
  );
  if (!same) console.log({ plain, strict, scanned: scanned.stderr.slice(-600) });
}
process.exitCode = failed > 0 ? 1 : 0;
