import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, test } from 'vitest';

import { command, preload } from '../support/built.js';
import { needs } from '../support/kernel.js';
import { programsIn } from '../support/programs.js';
import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { MAJORS, nodeBinary } from './versions.js';

const open = new PolicyHost({});
const fixture = new Fixture();

afterAll(() => {
  open.close();
  rmSync(fixture.root, { recursive: true });
});

const systemLogs = fileURLToPath(new URL('../programs/system-logs.py', import.meta.url));

interface Line {
  time: string;
  pid: number;
  path?: string;
  denied: boolean;
  allowed: boolean | null;
  importer?: string;
  origin?: string;
}

/** Starts programs and children in every way, with an environment of their own where they can have one. */
const EVERYWHERE = `
  const { execFileSync, fork, spawn, spawnSync } = require('node:child_process');
  const { Worker } = require('node:worker_threads');
  require('./required.cjs');
  import('./imported.mjs');
  new Worker('./worker.cjs');
  new Worker('./worker-alone.cjs', { env: {}, execArgv: [] });
  fork('./forked.cjs', { env: {}, cwd: __dirname + '/elsewhere/..' });
  spawn(process.execPath, ['./spawned.cjs'], { env: {} });
  spawnSync(process.execPath, [__dirname + '/sync.cjs'], { env: {}, cwd: __dirname + '/elsewhere' });
  execFileSync('/bin/sh', ['-c', '"$0" ./shell.cjs', process.execPath]);
`;
const PARTS = [
  'required.cjs',
  'imported.mjs',
  'worker.cjs',
  'worker-alone.cjs',
  'forked.cjs',
  'spawned.cjs',
  'sync.cjs',
  'shell.cjs',
];

describe.for(MAJORS)('MAYEXEC_AUDIT_LOG on Node %i', (major) => {
  const node = nodeBinary(major);
  const folder = (files: Record<string, string>): string => {
    const cwd = fixture.folder(`trail ${major}`, { name: '', kind: 'file', args: [] }, 0o644);
    mkdirSync(join(cwd, 'elsewhere'));
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(cwd, file), text);
      chmodSync(join(cwd, file), 0o755);
    }
    return cwd;
  };
  const lines = (cwd: string, log = 'audit.log'): Line[] =>
    readFileSync(join(cwd, log), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line.replaceAll(`${cwd}/`, '')) as Line);
  const preloaded = (cwd: string, log: string, args = ['main.cjs']): Promise<Outcome> =>
    open.run({
      file: node,
      args,
      cwd,
      env: { NODE_OPTIONS: `--require ${preload}`, MAYEXEC_AUDIT_LOG: log },
    });
  const launched = (cwd: string, args: string[], env = {}): Promise<Outcome> =>
    open.run({ file: process.execPath, args: [command, 'run', ...args], cwd, env });

  test.for([
    ['the preload alone', (cwd: string) => preloaded(cwd, 'audit.log')],
    [
      'mayexec run',
      (cwd: string) => launched(cwd, ['--audit-log', 'audit.log', '--', node, 'main.cjs']),
    ],
  ] as const)('under %s every process and Worker writes to it', async ([, start]) => {
    const cwd = folder({
      'main.cjs': EVERYWHERE,
      ...Object.fromEntries(PARTS.map((part) => [part, ''])),
    });
    const { stderr, status } = await start(cwd);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const found = lines(cwd);
    const isStart = ({ origin }: Line): boolean => origin === 'child-process';
    expect(new Set(found.filter((line) => !isStart(line)).map(({ path }) => path))).toEqual(
      new Set(['main.cjs', ...PARTS]),
    );
    expect(found.filter(isStart)).toHaveLength(4);
    // The program and its Workers, and four children.
    expect(new Set(found.map(({ pid }) => pid)).size).toBe(5);
    expect(found.find(({ path }) => path === 'required.cjs')).toMatchObject({
      operation: 'load',
      allowed: true,
      denied: false,
      importer: 'main.cjs',
      dev: String(statSync(join(cwd, 'required.cjs')).dev),
      ino: String(statSync(join(cwd, 'required.cjs')).ino),
    });
    expect(statSync(join(cwd, 'audit.log')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(cwd, 'elsewhere', 'audit.log'))).toBe(false);
  });

  test('has each denial and its importers, of the entry point and of code with no file too', async () => {
    const cwd = folder({ 'main.cjs': `try { require('./dropped.cjs') } catch {}` });
    const run = (args: string[]): Promise<Outcome> =>
      launched(cwd, ['--audit-log', 'audit.log', '--', node, ...args]);
    expect((await run(['main.cjs'])).status).toBe(0);
    expect((await run(['dropped.cjs'])).status).toBe(126);
    expect((await run(['-e', '1'])).status).toBe(126);
    const file = { path: 'dropped.cjs', denied: true, errno: 'EACCES', reason: 'mode' };
    expect(lines(cwd)).toMatchObject([
      { path: 'main.cjs', denied: false },
      { ...file, importer: 'main.cjs' },
      file,
      { operation: 'checkInteractive', denied: true },
    ]);
  });

  test('a log that cannot be opened is named, and the program runs without', async () => {
    const cwd = folder({ 'main.cjs': `console.log('ran')` });
    expect(await preloaded(cwd, '/nonexistent/log')).toMatchObject({
      status: 0,
      stdout: 'ran\n',
      stderr: `mayexec: no audit log is written: ENOENT: no such file or directory, open '/nonexistent/log'\n`,
    });
  });

  test('neither a program that closes every fd nor one that patches fs stops it', async () => {
    const cwd = folder({
      'main.cjs': `
        const fs = require('node:fs');
        const { closeSync, readlinkSync } = fs;
        for (let fd = 3; fd < 100; fd++) {
          let path;
          try { path = readlinkSync('/proc/self/fd/' + fd) } catch { continue }
          if (path.endsWith('audit.log')) closeSync(fd);
        }
        for (const name of Object.keys(fs)) {
          if (/^(write|stat|fstat|readlink|open)Sync$/.test(name)) fs[name] = () => { throw new Error('patched') };
        }
        require('./next.cjs');
        console.log('ran');`,
      'next.cjs': '',
    });
    expect(await preloaded(cwd, 'audit.log')).toMatchObject({ status: 0, stdout: 'ran\n' });
    expect(lines(cwd).map(({ path }) => path)).toEqual(['main.cjs', 'next.cjs']);
  });

  test('lines that many processes write at once are whole', async () => {
    const cwd = folder({
      'main.cjs': `
        const { fork } = require('node:child_process');
        const { Worker } = require('node:worker_threads');
        for (let i = 0; i < 4; i++) fork('./many.cjs'), new Worker('./many.cjs');`,
      'many.cjs': `for (let i = 0; i < 200; i++) { delete require.cache[require.resolve('./next.cjs')]; require('./next.cjs') }`,
      'next.cjs': '',
    });
    expect((await preloaded(cwd, 'audit.log')).status).toBe(0);
    // The program, four starts of children, and eight programs that load 200 times.
    expect(lines(cwd)).toHaveLength(1 + 4 + 8 + 8 * 200);
  });

  test('changes nothing where nobody asked for it', async () => {
    const cwd = folder({
      'main.cjs': programsIn(new URL('ways/denial/', import.meta.url))('unseen.cjs'),
    });
    expect((await preloaded(cwd, '')).stdout).toBe('false 1\n');
  });
});

describe('mayexec run --audit-log', () => {
  const node = nodeBinary(24);
  const cwd = fixture.folder('run', { name: '', kind: 'file', args: [] }, 0o755);
  const run = (args: string[], env = {}): Promise<Outcome> =>
    open.run({ file: process.execPath, args: [command, 'run', ...args], cwd, env });

  test('tells before the program starts that the log cannot be written', async () => {
    expect(await run(['--audit-log', '/nonexistent/log', '--', node, 'dropped.cjs'])).toMatchObject(
      {
        status: 2,
        stdout: '',
        stderr: `mayexec: the audit log cannot be written: ENOENT: no such file or directory, open '/nonexistent/log'\n`,
      },
    );
  });

  for (const [target, form] of [
    ['syslog', /^<84>mayexec\[\d+\]: (\{.*\})$/],
    ['journal', /^PRIORITY=4\nSYSLOG_FACILITY=10\nSYSLOG_IDENTIFIER=mayexec\nMESSAGE=(\{.*\})\n$/],
  ] as const) {
    needs('root')(`sends a denial to ${target}`, () => {
      const { stdout, status } = spawnSync(
        'unshare',
        [
          ...['--mount', '--propagation', 'private', 'python3', systemLogs],
          ...[process.execPath, command, 'run', '--audit-log', target, '--', node, '-e', '1'],
        ],
        { encoding: 'utf8', cwd },
      );
      expect(status).toBe(126);
      const messages = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as string);
      expect(messages).toEqual([expect.stringMatching(form)]);
      expect(JSON.parse(form.exec(messages[0] ?? '')?.[1] ?? '')).toMatchObject({ denied: true });
    });
  }

  test('hands on a log that the environment names', async () => {
    const env = { MAYEXEC_AUDIT_LOG: 'inherited.log' };
    expect((await run(['--', node, 'dropped.cjs'], env)).status).toBe(0);
    expect(readFileSync(join(cwd, 'inherited.log'), 'utf8')).toContain('dropped.cjs');
  });
});

describe.for(MAJORS)('the digest in a record on Node %i', (major) => {
  test.for<[string, Buffer, string]>([
    ['of text', Buffer.from('console.log("ran")'), 'ran\n'],
    ['of text with a byte order mark', Buffer.from('\ufeffconsole.log("ran")'), 'ran\n'],
    [
      'of bytes that are no UTF-8',
      Buffer.from('console.log("\xff\xfe", "ran")', 'latin1'),
      '\ufffd\ufffd ran\n',
    ],
  ])('is that of the bytes in the file: %s', async ([, bytes, says], { expect: expects }) => {
    for (const name of ['digest.cjs', 'digest.mjs']) {
      const file = join(fixture.root, name);
      const log = join(fixture.root, 'digest.log');
      writeFileSync(file, bytes);
      rmSync(log, { force: true });
      const { stdout } = await open.run({
        file: nodeBinary(major),
        args: ['--require', preload, file],
        cwd: fixture.root,
        env: { MAYEXEC_AUDIT_LOG: log },
      });
      expects(stdout).toBe(says);
      const line = JSON.parse(readFileSync(log, 'utf8').split('\n')[0] ?? '') as object;
      expects(line).toMatchObject({ path: file, sha256: hash('sha256', bytes) });
    }
  });
});
