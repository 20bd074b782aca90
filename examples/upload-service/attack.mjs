/*
 * Attacks the service over HTTP, first in plain Node, then under mayexec, and
 * prints which attacks ran. Ends with 0 if all did in plain Node and none under
 * mayexec, where the service went on.
 *
 * usage: node examples/upload-service/attack.mjs [--node PATH]   Node 22 or newer
 */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import { poison } from './poison.mjs';

const { values } = parseArgs({ options: { node: { type: 'string', default: process.execPath } } });
const node = realpathSync(values.node);
const manifest = createRequire(import.meta.url).resolve('mayexec/package.json');
const { bin } = createRequire(import.meta.url)(manifest);
const mayexec = join(dirname(manifest), bin.mayexec);
const SWAPS = 2000;

/** The service's code, which may be executed, and a folder of data, where it writes. */
function deploy() {
  const home = mkdtempSync(join(tmpdir(), 'upload-service-'));
  const code = join(home, 'code');
  const data = join(home, 'data');
  cpSync(fileURLToPath(new URL('service', import.meta.url)), code, { recursive: true });
  mkdirSync(join(data, 'uploads'), { recursive: true });
  cpSync(join(code, 'theme'), join(data, 'uploads/theme'), { recursive: true });
  writeFileSync(join(data, 'approved.cjs'), `module.exports = () => 'the release';`);
  symlinkSync('approved.cjs', join(data, 'current.cjs'));
  for (const file of readdirSync(home, { recursive: true })) {
    const path = join(home, file);
    // What `mayexec seal` would do.
    if (statSync(path).isFile()) chmodSync(path, file.endsWith('.cjs') ? 0o755 : 0o644);
  }
  return { home, code, data };
}

async function start({ code, data }, command) {
  const child = spawn(
    command[0],
    [...command.slice(1), '--preserve-symlinks', join(code, 'server.cjs'), data],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
  const port = await new Promise((done, fail) => {
    child.stdout.once('data', (text) => done(Number(text)));
    child.once('exit', () => fail(new Error(`The service did not start: ${log}`)));
  });
  return { port, log: () => log, stop: () => child.kill() };
}

/** One request, its path as it is: fetch() would take `..` out of it. */
function ask(port, path, { method = 'GET', body } = {}) {
  return new Promise((done, fail) => {
    const sent = request({ host: '127.0.0.1', port, path, method }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (data) => (text += data));
      response.on('end', () => done({ status: response.statusCode, text }));
    });
    sent.on('error', fail).end(body);
  });
}

const upload = (port, name, body) =>
  ask(port, `/files/${encodeURIComponent(name)}`, { method: 'PUT', body });

/** Code that leaves a file behind, which proves that it ran. */
const evil = (mark) =>
  `require('fs').writeFileSync(${JSON.stringify(mark)}, ''); module.exports = () => 'EVIL'; exports.year = () => 'EVIL';`;

const attacks = {
  'a plugin named by path traversal': async ({ port, code, data }, payload) => {
    await upload(port, 'x.cjs', payload);
    const name = relative(join(code, 'plugins'), join(data, 'uploads/x.cjs'));
    await ask(port, `/plugin?name=${name}`);
  },
  'a template that names a helper': async ({ port, code, data }, payload) => {
    await upload(port, 'helper.cjs', payload);
    await upload(port, 'page.txt', '@helper helper.cjs\n{{year}}');
    const template = relative(join(code, 'views'), join(data, 'uploads/page.txt'));
    await ask(port, `/page?template=${template}`);
  },
  'another main in a package.json': async ({ port }, payload) => {
    await upload(port, 'theme/other.cjs', payload);
    await upload(port, 'theme/package.json', '{ "name": "theme", "main": "other.cjs" }');
    await ask(port, '/theme');
  },
  'a poisoned compile cache': async ({ port, code, home }, payload, mark) => {
    const victim = join(code, 'job.cjs');
    const [name, bytes] = poison(node, victim, payload, join(home, 'scratch'));
    // It ran here, to be compiled.
    rmSync(mark);
    await upload(port, `../cache/${name}`, bytes);
    await ask(port, '/job');
  },
  'a link that is swapped between check and read': async ({ port, data }, payload) => {
    await upload(port, 'swapped.cjs', payload);
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const swapper = new Worker(swapping, { eval: true, workerData: { data, stop } });
    await new Promise((done) => swapper.once('message', done));
    const seen = {};
    for (let i = 0; i < SWAPS; i++) {
      const { text } = await ask(port, '/current');
      seen[text] = (seen[text] ?? 0) + 1;
    }
    Atomics.store(stop, 0, 1);
    await new Promise((done) => swapper.once('exit', done));
    return `${SWAPS} requests: ${Object.entries(seen)
      .map(([text, count]) => `${count} × ${text}`)
      .join(', ')}`;
  },
};

const swapping = `
  const { symlinkSync, renameSync } = require('node:fs');
  const { parentPort, workerData: { data, stop } } = require('node:worker_threads');
  const swap = (target) => {
    symlinkSync(target, data + '/new');
    renameSync(data + '/new', data + '/current.cjs');
  };
  parentPort.postMessage('ready');
  while (Atomics.load(stop, 0) === 0) {
    swap('uploads/swapped.cjs');
    swap('approved.cjs');
  }
`;

/** What its users come for. */
async function works({ port }) {
  const expected = {
    '/plugin?name=hello.cjs': 'hello from a plugin',
    '/page?template=time.txt': `It is the year ${new Date().getFullYear()}.\n`,
    '/job': undefined,
    '/current': 'the release',
    '/files/x.cjs': undefined,
  };
  for (const [path, text] of Object.entries(expected)) {
    const answer = await ask(port, path);
    if (answer.status !== 200 || (text !== undefined && answer.text !== text)) return false;
  }
  return true;
}

async function attackAll(command) {
  const place = deploy();
  const service = await start(place, command);
  const found = {};
  let fine;
  try {
    for (const [name, attack] of Object.entries(attacks)) {
      const mark = join(place.home, `ran-${Object.keys(found).length}`);
      const note = await attack({ ...place, port: service.port }, evil(mark), mark);
      found[name] = { ran: existsSync(mark), note };
    }
    fine = await works(service);
  } finally {
    service.stop();
    rmSync(place.home, { recursive: true });
  }
  const denials = service.log().match(/ExecDeniedError/g)?.length ?? 0;
  return { found, fine, denials, example: /^.*ExecDeniedError.*$/m.exec(service.log())?.[0] };
}

const plain = await attackAll([node]);
const checked = await attackAll([process.execPath, mayexec, 'run', '--lock', '--', node]);

const width = Math.max(...Object.keys(attacks).map((name) => name.length));
console.log(`${''.padEnd(width)}  plain Node  mayexec run --lock`);
for (const name of Object.keys(attacks)) {
  const [a, b] = [plain, checked].map(({ found }) => (found[name].ran ? 'RAN' : 'refused'));
  console.log(`${name.padEnd(width)}  ${a.padEnd(10)}  ${b}`);
}
for (const [name, { note }] of Object.entries(checked.found)) {
  if (note !== undefined) console.log(`\n${name}, under mayexec: ${note}`);
}
console.log(
  `\nThe service went on: ${checked.fine ? 'yes' : 'NO'}. It logged ${checked.denials} denials:`,
);
console.log(checked.example);

const allRan = Object.values(plain.found).every(({ ran }) => ran);
const noneRan = Object.values(checked.found).every(({ ran }) => !ran);
process.exitCode = allRan && noneRan && checked.fine ? 0 : 1;
