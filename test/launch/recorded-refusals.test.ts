/** What the launcher refuses, and would refuse, has a record in the log. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import { command, launcher } from '../support/built.js';
import { ORIGINS } from '../../src/origin.js';
import { nodeBinary } from '../preload/versions.js';
import { bothLaunchers, started, type Outcome } from './launcher.js';

const root = mkdtempSync(join(tmpdir(), 'mayexec-recorded-'));
const log = join(root, 'log.jsonl');
writeFileSync(join(root, 'main.cjs'), 'console.log("ran")\n', { mode: 0o755 });
writeFileSync(join(root, 'injected.cjs'), '', { mode: 0o755 });
writeFileSync(join(root, 'not-executable'), '#!/bin/sh\n', { mode: 0o644 });
afterAll(() => {
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  rmSync(log, { force: true });
});

interface Line {
  operation: string;
  origin: string;
  option?: string;
  variable?: string;
  why?: string;
  path?: string;
  denied: boolean;
}
function records(): Line[] {
  const text = readFileSync(log, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}
const about = ({ path, option, variable }: Line): string =>
  path ?? [variable, option].filter(Boolean).join(' ');

const node = nodeBinary(24);
const REFUSED = { allowed: false, binding: true, denied: true, wouldDeny: true, errno: 'EACCES' };
const NOTED = { ...REFUSED, binding: false, denied: false };

/** As in the preload's records. */
const FIELDS = {
  time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
  pid: expect.any(Number) as unknown,
  host: expect.any(String) as unknown,
  uid: process.getuid?.(),
  mechanism: 'none',
};

const STARTS: [name: string, args: string[], record: object][] = [
  [
    'an option of Node',
    ['--', node, '--experimental-loader=./x.mjs', 'main.cjs'],
    { operation: 'option', origin: 'option', option: '--experimental-loader' },
  ],
  [
    'an option that is not known',
    ['--', node, '--no-such-option', 'main.cjs'],
    { operation: 'option', origin: 'option', option: '--no-such-option' },
  ],
  [
    'an environment without the preload',
    ['--', '/usr/bin/env', '-i', node, 'main.cjs'],
    { operation: 'start', origin: 'start', why: expect.stringContaining("'-i'") as unknown },
  ],
  [
    'the name of a program',
    ['--', '/usr/bin/env', '--argv0=--inspect', node, 'main.cjs'],
    { why: expect.stringContaining('would set the name') as unknown },
  ],
  [
    'a command without x',
    ['--', './not-executable'],
    {
      operation: 'start',
      why: expect.stringMatching(/^EACCES: permission denied, execve '.*not-exec/) as unknown,
    },
  ],
  [
    'a securebit that --only does not name',
    ['--only', 'restrict-file', '--', launcher, '--only', 'deny-interactive', '--', node],
    { operation: 'start', why: expect.stringContaining('--only') as unknown },
  ],
];

describe.for(bothLaunchers(root))('%s leaves a record of a refusal', ([, run]) => {
  test.for(STARTS)('%s, in the log of the environment', async ([, args, record]) => {
    const outcome = await run(args, { env: { MAYEXEC_AUDIT_LOG: log } });
    expect(outcome).toMatchObject({ status: 126, stdout: '' });
    expect(records()).toMatchObject([{ ...FIELDS, ...REFUSED, ...record }]);
  });

  test('in the log of --audit-log', async () => {
    const args = ['--audit-log', log, '--', node, '--experimental-loader=./x.mjs', 'main.cjs'];
    expect((await run(args)).status).toBe(126);
    expect(records()).toMatchObject([{ ...REFUSED, option: '--experimental-loader' }]);
  });

  test('a variable that is left out is recorded too, and the program runs', async () => {
    const env = { LD_BIND_NOW: '1', NODE_OPTIONS: '--max-old-space-size=64' };
    const outcome = await run(['--audit-log', log, '--', node, 'main.cjs'], { env });
    expect(outcome).toMatchObject({ status: 0, stdout: 'ran\n' });
    expect(records()).toMatchObject([
      { ...REFUSED, operation: 'environment', origin: 'start', variable: 'LD_BIND_NOW' },
      { denied: false, path: join(root, 'main.cjs') },
    ]);
  });

  test('a log of the environment that cannot be written changes no refusal', async () => {
    const args = ['--', node, '--experimental-loader=./x.mjs', 'main.cjs'];
    const outcome = await run(args, { env: { MAYEXEC_AUDIT_LOG: './absent/log' } });
    expect(outcome).toMatchObject({ status: 126, stdout: '' });
    expect(outcome.stderr).toContain('--experimental-loader is refused');
  });

  test('each record has an origin of the list', async () => {
    const env = { LD_BIND_NOW: '1' };
    await run(['--audit', '--audit-log', log, '--', node, '--no-such-option', 'main.cjs'], { env });
    for (const record of records()) expect(ORIGINS).toContain(record.origin);
  });
});

test('mayexec-run leaves a record of an option in NODE_OPTIONS that is not known', async () => {
  const env = { NODE_OPTIONS: '--no-such-option', MAYEXEC_AUDIT_LOG: log };
  const outcome = await started(launcher, ['--', node, 'main.cjs'], { cwd: root, env });
  expect(outcome).toMatchObject({ status: 126, stdout: '' });
  expect(records()).toMatchObject([
    { ...REFUSED, operation: 'option', option: '--no-such-option' },
  ]);
});

describe('`mayexec run` is a Node on which NODE_OPTIONS act', () => {
  const env = { NODE_OPTIONS: `--require=${join(root, 'injected.cjs')}` };
  const mayexec = (...args: string[]): Promise<Outcome> =>
    started(process.execPath, [command, ...args], { cwd: root, env });
  const COMMAND = ['--', node, 'main.cjs'];
  const SAYS = /--require in NODE_OPTIONS acts on the Node that runs `mayexec run` itself/;
  const record = {
    operation: 'start',
    origin: 'start',
    why: expect.stringMatching(SAYS) as unknown,
  };

  test('it refuses an injected --require, with a record', async () => {
    const { status, stdout, stderr } = await mayexec('run', '--audit-log', log, ...COMMAND);
    expect({ status, stdout }).toEqual({ status: 126, stdout: '' });
    expect(stderr).toMatch(SAYS);
    expect(records()).toMatchObject([{ ...REFUSED, ...record }]);
  });

  test('--audit has a record of that', async () => {
    const outcome = await mayexec('run', '--audit', '--audit-log', log, ...COMMAND);
    expect(outcome).toMatchObject({ status: 0, stdout: 'ran\n', stderr: '' });
    expect(records()[0]).toMatchObject({ ...NOTED, ...record });
  });

  test('--warn says it', async () => {
    const { status, stdout, stderr } = await mayexec('run', '--warn', ...COMMAND);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'ran\n' });
    expect(stderr).toMatch(SAYS);
    expect(stderr).toMatch(/^mayexec: would be refused: --require in NODE_OPTIONS/);
  });

  test('scan -- CMD finds it', async () => {
    const { status, stdout, stderr } = await mayexec('scan', '--json', ...COMMAND);
    expect(status).toBe(1);
    expect(stderr).toMatch(SAYS);
    expect(JSON.parse(stdout)).toMatchObject({
      refused: [],
      withoutFile: 0,
      starts: [expect.stringMatching(SAYS)],
    });
  });

  test('mayexec-run is none, so it keeps the file behind the preload and tells of nothing', async () => {
    const args = ['--audit', '--audit-log', log, ...COMMAND];
    expect(await started(launcher, args, { cwd: root, env })).toMatchObject({ status: 0 });
    expect(records().map(about)).toEqual([join(root, 'injected.cjs'), join(root, 'main.cjs')]);
  });
});

test('scan -- CMD takes a start that is refused for no code without a file', async () => {
  const args = ['scan', '--json', '--', '/usr/bin/env', '-u', 'NODE_OPTIONS', node, 'main.cjs'];
  const { stdout } = await started(process.execPath, [command, ...args], { cwd: root });
  expect(JSON.parse(stdout)).toMatchObject({
    withoutFile: 0,
    starts: [expect.stringContaining('without the preload')],
  });
});
