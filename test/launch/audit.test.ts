import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import { launcher } from '../support/built.js';
import { MAJORS, nodeBinary } from '../preload/versions.js';
import { bothLaunchers, launched } from './launcher.js';

const root = mkdtempSync(join(tmpdir(), 'mayexec-audit-'));
cpSync(fileURLToPath(new URL('programs/audit', import.meta.url)), root, { recursive: true });
const log = join(root, 'audit.jsonl');
afterAll(() => {
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  rmSync(log, { force: true });
});

interface Line {
  operation: string;
  path?: string;
  option?: string;
  variable?: string;
  why?: string;
  denied: boolean;
  wouldDeny: boolean;
  pid: number;
}
const lines = (): Line[] =>
  readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line.replaceAll(`${root}/`, '')) as Line);
const refusals = (): string[] =>
  lines()
    .filter(({ wouldDeny }) => wouldDeny)
    .map(({ path, option, variable }) => path ?? [variable, option].filter(Boolean).join(' '));

describe.for(bothLaunchers(root))('%s', ([, run]) => {
  describe.for(MAJORS)('on Node %i', (major) => {
    const node = nodeBinary(major);

    test('--audit starts an application that is not sealed, and the log tells of each file', async () => {
      const outcome = await run(['--audit', '--audit-log', 'audit.jsonl', '--', node, 'main.cjs']);
      expect(outcome).toMatchObject({ status: 0, stdout: 'ran\n', stderr: '' });
      expect(new Set(refusals())).toEqual(
        new Set(['main.cjs', 'shared.cjs', 'worker.cjs', 'child.cjs']),
      );
      expect(lines().every(({ denied }) => !denied)).toBe(true);
      expect(lines().find(({ path }) => path === 'data.json')).toMatchObject({ wouldDeny: false });
      expect(new Set(lines().map(({ pid }) => pid)).size).toBe(2);
    });

    test('--warn says each file once in a process, whichever thread asks', async () => {
      const { status, stdout, stderr } = await run(['--warn', '--', node, 'main.cjs']);
      expect({ status, stdout }).toEqual({ status: 0, stdout: 'ran\n' });
      const said = stderr.replaceAll(`${root}/`, '').trim().split('\n');
      const file = (name: string, by = ''): string =>
        `mayexec: would be refused: '${name}' (no execute permission for this user; chmod +x '${name}')${by}`;
      expect(said.sort()).toEqual(
        [
          file('main.cjs'),
          file('shared.cjs', `, imported by 'main.cjs'`),
          file('worker.cjs'),
          file('child.cjs'),
          file('shared.cjs', `, imported by 'child.cjs'`),
        ].sort(),
      );
    });

    test('--strict with them tells of the gates, but for those that are left open', async () => {
      const args = ['--warn', '--strict', '--allow', 'vm', '--', node, '-p'];
      const evaluated = await run([...args, `eval('"ran"')`]);
      expect(evaluated.stdout).toBe('ran\n');
      expect(evaluated.stderr).toContain('add --allow=eval to mayexec run --strict');
      const inVm = await run([...args, `require('vm').runInThisContext('"ran"')`]);
      expect(inVm.stdout).toBe('ran\n');
      expect(inVm.stderr).not.toContain('--allow=vm');
    });

    test('the environment stays as it is, and what run leaves out of it is recorded', async () => {
      const env = { LD_BIND_NOW: '1', NODE_OPTIONS: '--experimental-loader=./shared.cjs' };
      const program = 'console.log(process.env.LD_BIND_NOW, process.env.NODE_OPTIONS)';
      const args = ['--audit', '--audit-log', log, '--', node, '-e', program];
      const { stdout } = await launched(args, { cwd: root, env });
      expect(stdout).toMatch(/^1 --require=\S+ --experimental-loader=.\/shared.cjs\n$/);
      expect(refusals()).toEqual(
        expect.arrayContaining(['LD_BIND_NOW', 'NODE_OPTIONS --experimental-loader']),
      );
    });
    test('NODE_COMPILE_CACHE is left out without a word, as it changes nothing but the time', async () => {
      const env = { NODE_COMPILE_CACHE: join(root, 'cache') };
      const program = 'console.log(process.env.NODE_COMPILE_CACHE)';
      for (const args of [['--audit'], ['--warn'], []]) {
        rmSync(log, { force: true });
        const words = [...args, '--audit-log', log, '--', node, 'sealed.cjs'];
        writeFileSync(join(root, 'sealed.cjs'), program, { mode: 0o755 });
        const outcome = await run(words, { env });
        expect(outcome).toMatchObject({ status: 0, stdout: 'undefined\n', stderr: '' });
        expect(refusals()).toEqual([]);
      }
    });
  });

  const node = nodeBinary(24);
  test.for<[string, string[], Record<string, string>, number, RegExp]>([
    ['--audit with --lock', ['--audit', '--lock'], {}, 2, /--audit refuses nothing, and --lock/],
    ['--warn with --lock', ['--lock', '--warn'], {}, 2, /--warn refuses nothing, and --lock does/],
    [
      '--audit with --allow-exec',
      ['--audit', '--allow-exec=/usr'],
      {},
      2,
      /--audit refuses nothing, and --allow-exec does/,
    ],
    ['--audit with --only', ['--audit', '--only', 'restrict-file'], {}, 2, /and --only does/],
    ['--warn with --no-preload', ['--warn', '--no-preload'], {}, 2, /needs the preload/],
    ['--audit without a log', ['--audit'], {}, 2, /add --audit-log TARGET or --warn/],
    ['MAYEXEC_ENFORCE', ['--warn'], { MAYEXEC_ENFORCE: '1' }, 126, /MAYEXEC_ENFORCE is set here/],
    ['MAYEXEC_STRICT', ['--warn'], { MAYEXEC_STRICT: '1' }, 126, /MAYEXEC_STRICT is set here/],
    ['the securebits', ['--', launcher, '--warn'], {}, 126, /the exec securebits are set here/],
  ])('%s: nothing is started', async ([, args, env, status, says]) => {
    const outcome = await run([...args, '--', node, '-p', '"RAN"'], { env });
    expect(outcome.stdout).toBe('');
    expect(outcome.status).toBe(status);
    expect(outcome.stderr).toMatch(says);
  });

  test('a log that the environment names will do for --audit', async () => {
    const args = ['--audit', '--', node, 'shared.cjs'];
    expect(await run(args, { env: { MAYEXEC_AUDIT_LOG: log } })).toMatchObject({ status: 0 });
    expect(refusals()).toEqual(['shared.cjs']);
  });
});

test('a real application that is not sealed starts under --audit', async () => {
  const tsc = fileURLToPath(new URL('../../node_modules/typescript/lib/tsc.js', import.meta.url));
  const args = ['--audit', '--audit-log', log, '--', nodeBinary(24), tsc, '--version'];
  const { status, stdout } = await launched(args, { cwd: root });
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^Version \d/) as unknown,
  });
  expect(refusals().some((path) => path.endsWith('/typescript/lib/_tsc.js'))).toBe(true);
});

test.for<[what: string, words: string[], input: string, said: string]>([
  ['an option', ['-e', '0'], '', 'code on the command line (--eval or --print)'],
  ['standard input', ['-'], '0', 'code from standard input'],
  ['a REPL', ['-i'], '', 'code that is typed into a REPL'],
  [
    'a Worker',
    ['-e', "new (require('worker_threads').Worker)('0', { eval: true })"],
    '',
    'code that a Worker gets as a string',
  ],
  ['a data: URL', ['-e', "import('data:text/javascript,0')"], '', 'code in a data: URL'],
])('--warn says in words that code comes from %s', ([, words, input, said]) => {
  const args = ['--warn', '--', nodeBinary(24), ...words];
  const { status, stderr } = spawnSync(launcher, args, { input, encoding: 'utf8' });
  expect(stderr.trim().split('\n')).toContain(
    `mayexec: would be refused: ${said}; put it into an executable file and run that`,
  );
  expect(status).toBe(0);
});

test('control characters in the name of a file reach no terminal', async () => {
  const program = String.raw`
    const fs = require('node:fs');
    const name = '/tmp/\u001b[2J\u202e' + process.pid + '.cjs';
    fs.writeFileSync(name, '');
    try { require(name) } finally { fs.unlinkSync(name) }`;
  const { stderr } = await launched(['--warn', '--', nodeBinary(24), '-e', program]);
  expect(stderr).toContain('\\u{1b}[2J\\u{202e}');
  // eslint-disable-next-line no-control-regex
  expect(stderr).not.toMatch(/[\u001b\u202e]/);
});
