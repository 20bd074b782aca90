import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, test } from 'vitest';

import { planLaunch } from '../../src/launch/launch.js';
import {
  parseOptions,
  splitNodeOptions,
  withPreload,
} from '../../src/preload/inherit/preload-option.js';
import { Fixture } from '../preload/fixture.js';
import { PolicyHost, type Outcome } from '../preload/policy-host.js';
import { MAJORS, nodeBinary } from '../preload/versions.js';

describe('NODE_OPTIONS', () => {
  test.for([
    ['', []],
    ['  --a   --b=c ', ['--a', '--b=c']],
    ['--require "a b.js" --c', ['--require', 'a b.js', '--c']],
    ['--require="a \\"b\\" \\\\c.js"', ['--require=a "b" \\c.js']],
    ['--a ""', ['--a', '']],
  ] as const)('%j is split as Node does it', ([text, words]) => {
    expect(splitNodeOptions(text)).toEqual(words);
  });

  test('an option is known by any of its spellings', () => {
    const names = parseOptions([
      '-r',
      'x',
      '--require=x',
      '--loader',
      'y',
      '--experimental_loader=y',
    ]);
    expect(names.map(({ name }) => name)).toEqual([
      '--require',
      '--require',
      '--experimental-loader',
      '--experimental-loader',
    ]);
  });

  test('the preload is put first, once', () => {
    const once = withPreload('--max-old-space-size=64', false);
    expect(once).toMatch(/^"?--require=.*register\.cjs"? --max-old-space-size=64$/);
    expect(withPreload(once, false)).toBe(once);
  });
});

describe('planLaunch', () => {
  const plan = (env: Record<string, string>, command = ['node', 'app.js']) =>
    planLaunch({ command, env });

  test('leaves out what loads code before the preload, and names it', () => {
    const { env, removed } = plan({
      LD_PRELOAD: 'x.so',
      NODE_COMPILE_CACHE: 'c',
      OPENSSL_CONF: 'o',
      KEPT: '1',
      NODE_OPTIONS:
        '--require a.js --max-old-space-size=64 --import=b.mjs --experimental_loader c.mjs --stack-trace-limit=5',
    });
    expect(Object.keys(env).sort()).toEqual(['KEPT', 'NODE_OPTIONS']);
    expect(env['NODE_OPTIONS']).toMatch(
      /register\.cjs"? --max-old-space-size=64 --stack-trace-limit=5$/,
    );
    expect(removed).toEqual([
      'LD_PRELOAD',
      'NODE_COMPILE_CACHE',
      'OPENSSL_CONF',
      'NODE_OPTIONS --require',
      'NODE_OPTIONS --import',
      'NODE_OPTIONS --experimental-loader',
    ]);
  });

  test.for([
    [['node', '--snapshot-blob', 'x', 'app.js']],
    [['/usr/bin/node', '--experimental-loader=x', 'app.js']],
    [['node', '-r', 'x', '--openssl-config=y', 'app.js']],
    [['node', '--env-file', 'x', 'app.js']],
  ])('refuses %j', ([command]) => {
    expect(() => plan({}, command)).toThrow(/nobody checks/);
  });

  test('does not take the arguments of the program for options of Node', () => {
    expect(plan({}, ['node', '--require', 'x', 'app.js', '--loader', 'y']).argv).toHaveLength(6);
    expect(plan({}, ['sh', '-c', 'x', '--loader']).argv).toHaveLength(4);
  });

  test('needs a command', () => {
    expect(() => planLaunch({ command: [] })).toThrow(TypeError);
  });
});

const host = new PolicyHost({});
const fixture = new Fixture();
const folder = fixture.folder('launch', { name: '', kind: 'file', args: [] }, 0o644);
const approve = (file: string, text: string): void => {
  writeFileSync(join(folder, file), text);
  chmodSync(join(folder, file), 0o755);
};

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

const command = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));

/** The command itself, on the machine's Node. */
function launched(
  args: string[],
  env: Record<string, string> = {},
  input?: string,
): Promise<Outcome> {
  return host.run({
    file: process.execPath,
    args: [command, 'run', ...args],
    cwd: folder,
    env,
    input,
  });
}

describe.for(MAJORS)('mayexec run on Node %i', (major) => {
  const node = nodeBinary(major);

  test('an approved program runs, with its arguments, stdin and exit status', async () => {
    approve(
      'program.cjs',
      `process.stdin.on('data', (d) => { console.log(String(d), process.argv.slice(2)); process.exitCode = 7 })`,
    );
    const outcome = await launched(['--', node, 'program.cjs', '--lock', 'x'], {}, 'in');
    expect(outcome).toMatchObject({ status: 7, stdout: `in [ '--lock', 'x' ]\n`, stderr: '' });
  });

  test('a dropped file and code on the command line do not', async () => {
    expect((await launched(['--', node, 'dropped.cjs'])).status).toBe(126);
    const text = await launched(['--', node, '-e', `console.log('RAN')`]);
    expect(text).toMatchObject({ status: 126, stdout: '' });
  });

  test('nor does a preload of the command line', async () => {
    const outcome = await launched(['--', node, '--require', './dropped.cjs', 'program.cjs']);
    expect(outcome.status).not.toBe(0);
    expect(outcome.stdout).not.toContain('RAN');
  });

  test('libraries and preloads of the environment do not', async () => {
    approve('program.cjs', '');
    const env = { LD_PRELOAD: join(folder, 'dropped.so'), NODE_OPTIONS: '--require ./dropped.cjs' };
    const plain = await host.run({ file: node, args: ['program.cjs'], cwd: folder, env });
    expect(plain.stdout).toContain('RAN');
    const planned = planLaunch({ command: [node, 'program.cjs'], env });
    expect(planned.env['LD_PRELOAD']).toBeUndefined();
    const outcome = await launched(['--', node, 'program.cjs'], {
      NODE_COMPILE_CACHE: join(folder, 'cache'),
      LD_LIBRARY_PATH: folder,
    });
    expect(outcome).toMatchObject({ status: 0, stdout: '' });
    expect(outcome.stderr).toBe(
      'mayexec: left out of the environment: NODE_COMPILE_CACHE, LD_LIBRARY_PATH\n',
    );
  });

  test.for([
    ['LD_PRELOAD', join(folder, 'dropped.so')],
    ['NODE_OPTIONS', `--require ${join(folder, 'dropped.cjs')}`],
  ] as const)('%s reaches the command itself, not what it starts', async ([name, value]) => {
    approve('empty.cjs', '');
    const env = { [name]: value };
    const times = ({ stdout }: Outcome): number => stdout.split('RAN').length - 1;
    expect(times(await host.run({ file: node, args: ['empty.cjs'], cwd: folder, env }))).toBe(1);
    const outcome = await launched(['--', node, 'empty.cjs'], env);
    expect(outcome.status, outcome.stderr).toBe(0);
    expect(outcome.stderr).toContain(name);
    expect(times(outcome)).toBe(1);
  });

  test('--lock: the program cannot clear the securebits', async () => {
    const index = new URL('../../dist/index.js', import.meta.url).href;
    approve(
      'bits.mjs',
      `const m = process.getBuiltinModule('module').createRequire(import.meta.url)(process.env.ADDON); console.log(m.setSecurebits(m.getSecurebits() & ~0x500), (m.getSecurebits() & 0xf00).toString(16))`,
    );
    const addon = fileURLToPath(new URL('../build/Release/mayexec.node', index));
    const env = { ADDON: addon };
    const locked = await launched(['--lock', '--', node, 'bits.mjs'], env);
    expect(locked.stdout, locked.stderr).toBe('-1 f00\n');
    const open = await launched(['--', node, 'bits.mjs'], env);
    expect(open.stdout, open.stderr).toBe('0 0\n');
  });

  test('a signal that ends the program ends the command', async () => {
    approve('killed.cjs', `process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)`);
    expect(await launched(['--', node, 'killed.cjs'])).toMatchObject({
      status: null,
      signal: 'SIGTERM',
    });
  });
});

test('what cannot be started has the exit status of a shell', async () => {
  expect((await launched(['--', './not-there'])).status).toBe(127);
  expect((await launched(['--', './dropped.cjs'])).status).toBe(126);
  expect((await launched([])).status).toBe(2);
  expect((await launched(['--strict', '--allow=nothing', '--', 'true'])).status).toBe(2);
});
