import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, test } from 'vitest';

import { addon, command, launcher, preload } from '../support/built.js';
import { LAUNCHER_OPTIONS } from '../../src/launch/launcher-options.js';
import { printable } from '../../src/quote.js';
import { MAJORS, nodeBinary } from '../preload/versions.js';
import { bothLaunchers, launched, started, type Outcome } from './launcher.js';

const HIDDEN_NAME = 'a\x1b[31m\u009b\u00ad\u061c\u200e\u200f\u202e\u2067\ufeff\u{e0041}ü😀€b';

const root = mkdtempSync(join(tmpdir(), 'mayexec-launch-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const source = (name: string): string =>
  fileURLToPath(new URL(`programs/${name}`, import.meta.url));
function put(name: string, text: string, mode = 0o644): string {
  const path = join(root, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}
put('dropped.cjs', `console.log('RAN');`);
put('empty.cjs', '', 0o755);
copyFileSync(source('bits.mjs'), join(root, 'bits.mjs'));
chmodSync(join(root, 'bits.mjs'), 0o755);

describe.for(bothLaunchers(root))('%s', ([, run]) => {
  test('a program ignores no signal that Node ignores', async () => {
    const { stdout } = await run(['--no-preload', '--', 'grep', 'SigIgn', '/proc/self/status']);
    expect(stdout).toMatch(/^SigIgn:\s+0+\n$/);
  });
  describe.for(MAJORS)('on Node %i', (major) => {
    const node = nodeBinary(major);

    test('an approved program runs, with its arguments, stdin and exit status', async () => {
      put(
        'program.cjs',
        `process.stdin.on('data', (d) => { console.log(String(d), process.argv.slice(2)); process.exitCode = 7 })`,
        0o755,
      );
      const outcome = await run(['--', node, 'program.cjs', '--lock', 'x'], { input: 'in' });
      expect(outcome).toMatchObject({ status: 7, stdout: `in [ '--lock', 'x' ]\n`, stderr: '' });
    });

    test('options end at the command', async () => {
      const outcome = await run([node, 'program.cjs', '--lock', '--no-such'], { input: 'in' });
      expect(outcome.stdout).toBe(`in [ '--lock', '--no-such' ]\n`);
    });

    test('a dropped file, code on the command line and a dropped preload do not', async () => {
      for (const args of [
        ['dropped.cjs'],
        ['-e', `console.log('RAN')`],
        ['--require', './dropped.cjs', 'empty.cjs'],
        ['--import', './dropped.cjs', 'empty.cjs'],
      ]) {
        const outcome = await run(['--', node, ...args]);
        expect(outcome.stdout, args.join(' ')).toBe('');
        expect(outcome.status, args.join(' ')).not.toBe(0);
      }
    });

    test.for([
      ['--lock', ['--lock'], '-1 f00\n'],
      ['no lock', [], '0 0\n'],
    ] as const)('%s: what the program can clear', async ([, options, expected]) => {
      const { stdout, stderr } = await run([...options, '--', node, 'bits.mjs'], {
        env: { ADDON: addon },
      });
      expect(stdout, stderr).toBe(expected);
    });

    test('the preload is this package’s, by its absolute path', async () => {
      put('options.cjs', 'console.log(process.env.NODE_OPTIONS)', 0o755);
      mkdirSync(join(root, 'node_modules/mayexec'), { recursive: true });
      put('node_modules/mayexec/register.js', `console.log('RAN')`, 0o755);
      const { stdout } = await run(['--', node, 'options.cjs']);
      expect(stdout).toBe(`--require=${preload} --disable-sigusr1\n`);
    });

    test('a signal opens the inspector only where interactive code is free', async () => {
      const { stdout } = await run(['--only', 'restrict-file', '--', node, 'options.cjs']);
      expect(stdout).toBe(`--require=${preload}\n`);
    });

    test('an inherited --disable-sigusr1 is no second one', async () => {
      const { stdout } = await run(['--', launcher, '--', node, 'options.cjs']);
      expect(stdout).toBe(`--require=${preload} --disable-sigusr1\n`);
    });

    test('--strict closes the gates but for those that are named', async () => {
      put(
        'gates.cjs',
        `const { MAYEXEC_STRICT: s, MAYEXEC_STRICT_ALLOW: a } = process.env; console.log(s, a)`,
        0o755,
      );
      const args = ['--strict', '--allow', 'vm', '--allow=data', '--', node, 'gates.cjs'];
      const env = { MAYEXEC_STRICT: 'audit', MAYEXEC_STRICT_ALLOW: 'repl' };
      const { stdout, stderr } = await run(args, { env });
      expect(stdout, stderr).toBe('1 data,vm\n');
      const evaluated = put('eval.cjs', `console.log(eval('"RAN"'))`, 0o755);
      expect((await run(['--strict', '--', node, evaluated])).stdout).toBe('');
      expect((await run(['--', node, evaluated])).stdout).toBe('RAN\n');
    });

    test('a signal that ends the program ends the command', async () => {
      put('killed.cjs', `process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)`, 0o755);
      expect(await run(['--', node, 'killed.cjs'])).toMatchObject({
        status: null,
        signal: 'SIGTERM',
      });
    });
  });

  test.for<[name: string, args: string[], status: number, stderr: RegExp]>([
    ['a command that is not there', ['--', './not-there'], 127, /ENOENT.* execve '\.\/not-there'/],
    ['a command that PATH does not have', ['not-there'], 127, /ENOENT.* execve 'not-there'/],
    ['a file without x', ['--', './dropped.cjs'], 126, /EACCES.* execve '\.\/dropped\.cjs'/],
    ['a directory', ['--', '/'], 126, /EACCES/],
    ['a format that nobody executes', ['--', './empty.cjs'], 126, /ENOEXEC.*format/],
    ['a refused start', ['--', nodeBinary(24), '--inspect-brk', 'x'], 126, /--inspect-brk/],
    ['no command', [], 2, /no command/],
    ['no command behind --', ['--lock', '--'], 2, /no command/],
    ['an empty command', ['--', ''], 2, /no command/],
    ['an unknown option', ['--no-such', 'true'], 2, /unknown option '--no-such'/],
    ['a value for an option without one', ['--lock=1', 'true'], 2, /unknown option '--lock=1'/],
    ['a value that is missing', ['--audit-log'], 2, /value is missing behind '--audit-log'/],
    ['a gate without --strict', ['--allow=vm', 'true'], 2, /--allow opens a gate of --strict/],
    ['an unknown gate', ['--strict', '--allow=nothing', 'true'], 2, /no gate 'nothing'.*data, /],
    ['a log that cannot be written', ['--audit-log', '/no/log', 'true'], 2, /ENOENT.*'\/no\/log'/],
    ['a log through a link', ['--audit-log', './link', 'true'], 2, /audit log.*symbolic link/],
    [
      'a path that is not there',
      ['--allow-exec', '/no/such', '--', 'true'],
      2,
      /allow-exec: ENOENT/,
    ],
  ])('%s', async ([, args, status, stderr]) => {
    rmSync(join(root, 'link'), { force: true });
    symlinkSync('elsewhere', join(root, 'link'));
    const outcome = await run(args);
    expect(outcome.stderr).toMatch(/^mayexec: /);
    expect(outcome.stderr).toMatch(stderr);
    expect(outcome).toMatchObject({ status, stdout: '' });
  });

  test('--help and --version', async () => {
    const { stdout, status } = await run(['--help']);
    expect(status).toBe(0);
    for (const { flags } of LAUNCHER_OPTIONS) expect(stdout).toContain(flags);
    const own = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect((await run(['--version'])).stdout).toBe(`${own.version}\n`);
  });

  test('a relative audit log is one for all, wherever they run', async () => {
    put('chdir.cjs', `process.chdir('/'); require('${root}/empty.cjs')`, 0o755);
    const node = nodeBinary(24);
    await run(['--audit-log', 'relative.jsonl', '--', node, 'chdir.cjs']);
    expect(readFileSync(join(root, 'relative.jsonl'), 'utf8')).toContain('empty.cjs');
  });

  test('finds the command as execvp(3) does', async () => {
    const folders = ['first', 'second'].map((name) => join(root, name));
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    put('first/found', '#!/bin/sh\necho first', 0o644);
    put('second/found', '#!/bin/sh\necho second', 0o755);
    const { stdout } = await run(['--', 'found'], {
      env: { PATH: [...folders, process.env['PATH']].join(':') },
    });
    expect(stdout).toBe('second\n');
  });

  test('names are shown without what a terminal obeys or hides, as the command shows them', async () => {
    const { stderr } = await run(['--', HIDDEN_NAME]);
    expect(stderr).toContain(`'${printable(HIDDEN_NAME)}'`);
    expect(printable(HIDDEN_NAME)).toBe(
      String.raw`a\u{1b}[31m\u{9b}\u{ad}\u{61c}\u{200e}\u{200f}\u{202e}\u{2067}\u{feff}\u{e0041}ü😀€b`,
    );
  });
});

describe('mayexec run, whose own Node', () => {
  const run = (
    before: string[],
    args: string[],
    env: Record<string, string> = {},
  ): Promise<Outcome> =>
    started(process.execPath, [...before, command, 'run', ...args], { cwd: root, env });
  const COMMAND = ['--', nodeBinary(24), 'empty.cjs'];

  test.for<[name: string, before: string[], args: string[], env: Record<string, string>]>([
    ['was given a preload', ['--require', './dropped.cjs'], COMMAND, {}],
    ['was given one in NODE_OPTIONS', [], COMMAND, { NODE_OPTIONS: '--require=./dropped.cjs' }],
    ['was given an environment', ['--env-file=evil.env'], COMMAND, {}],
    ['found an environment among the arguments', [], ['--env-file=evil.env', ...COMMAND], {}],
    ['found options among the arguments', [], [...COMMAND, '--experimental-config-file=x'], {}],
    ['was given a debugger', ['--inspect=127.0.0.1:0'], COMMAND, {}],
    ['was given what nobody knows', ['--allow_natives_syntax'], COMMAND, {}],
  ])('%s, refuses to go on', async ([, before, args, env]) => {
    put('evil.env', 'NODE_OPTIONS=--require=./dropped.cjs\n');
    const { status, stderr } = await run(before, args, env);
    expect(stderr).toMatch(/acts on the Node that runs `mayexec run` itself.*mayexec-run/);
    expect(status).toBe(126);
  });

  test('was given what is harmless, goes on', async () => {
    const env = { NODE_OPTIONS: '--max-old-space-size=64', LD_LIBRARY_PATH: root };
    const outcome = await run(['--stack-trace-limit=5'], COMMAND, env);
    expect(outcome).toMatchObject({
      status: 0,
      stderr: 'mayexec: left out of the environment: LD_LIBRARY_PATH\n',
    });
  });

  test('has the preload of another launcher, goes on and says nothing', async () => {
    const inner = [process.execPath, command, 'run', ...COMMAND];
    const node24 = [nodeBinary(24), ...inner.slice(1)];
    expect(await launched(['--', ...node24], { cwd: root })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });
});

test('a SIGUSR1 that waits for the program is discarded: it would open the inspector', () => {
  const python = fileURLToPath(new URL('programs/pending-signal.py', import.meta.url));
  const words = [python, launcher, '--', 'cat', '/proc/self/status'];
  const status = execFileSync('python3', words, { encoding: 'utf8' });
  expect(status).toMatch(/^SigPnd:\t0+\nShdPnd:\t0+$/m);
});

describe('the file', () => {
  test('is linked statically, which ldd says', () => {
    const { stdout, stderr } = spawnSync('ldd', [launcher], { encoding: 'utf8' });
    expect(stdout + stderr).toMatch(/statically linked/);
    expect(statSync(launcher).size).toBeLessThan(1 << 20);
  });

  test('knows its preload by where it lies, and starts nothing without it', async () => {
    const elsewhere = join(root, 'install/build/Release');
    mkdirSync(elsewhere, { recursive: true });
    copyFileSync(launcher, join(elsewhere, 'mayexec-run'));
    const command = ['--', '/bin/sh', '-c', 'echo "$NODE_OPTIONS"'];
    const without = await started(join(elsewhere, 'mayexec-run'), command);
    expect(without).toMatchObject({ status: 126, stdout: '' });
    expect(without.stderr).toMatch(/preload.*ENOENT/);

    mkdirSync(join(root, 'install/dist'));
    const own = put('install/dist/register.cjs', '');
    symlinkSync(join(elsewhere, 'mayexec-run'), join(root, 'by-a-link'));
    for (const file of [join(elsewhere, 'mayexec-run'), join(root, 'by-a-link')]) {
      const { stdout } = await started(file, command, { argv0: '/elsewhere/mayexec-run' });
      expect(stdout).toBe(`--require=${own} --disable-sigusr1\n`);
    }
  });

  test('has a preload whose path holds spaces and quotes', async () => {
    const odd = join(root, 'a "b" \\c/build/Release');
    mkdirSync(odd, { recursive: true });
    mkdirSync(join(root, 'a "b" \\c/dist'));
    copyFileSync(launcher, join(odd, 'mayexec-run'));
    put('a "b" \\c/dist/register.cjs', `console.log('the preload ran')`, 0o755);
    const { stdout } = await started(
      join(odd, 'mayexec-run'),
      ['--', nodeBinary(24), 'empty.cjs'],
      {
        cwd: root,
      },
    );
    expect(stdout).toBe('the preload ran\n');
  });
});

describe('in odd surroundings', () => {
  test('without any argument it says what is missing', () => {
    const program = join(root, 'empty-arguments');
    execFileSync('cc', ['-o', program, source('empty-arguments.c')]);
    const { status, stderr } = spawnSync(program, [launcher], { encoding: 'utf8' });
    expect(stderr).toMatch(/no command/);
    expect(status).toBe(2);
  });

  test('with an environment of a thousand kilobytes', async () => {
    const env = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => [`V${i}`, 'x'.repeat(1000)]),
    );
    const { stdout } = await launched(['--', '/bin/sh', '-c', 'env | grep -c "^V.*=xx"'], { env });
    expect(stdout).toBe('1000\n');
  });

  test('with NODE_OPTIONS of a hundred kilobytes', async () => {
    const text = '--no-warnings '.repeat(7000);
    const { stdout } = await launched(['--', '/bin/sh', '-c', 'set -- $NODE_OPTIONS; echo $#'], {
      env: { NODE_OPTIONS: text },
    });
    expect(stdout).toBe('7002\n');
  });

  test('with names as long as the kernel takes', async () => {
    const long = 'x'.repeat(100_000);
    expect((await launched(['--', long])).status).toBe(127);
    expect((await launched(['--', `./${long}`])).status).toBe(126);
    expect((await launched(['--allow-exec', long, '--', 'true'])).status).toBe(2);
    expect((await launched(['--audit-log', long, '--', 'true'])).status).toBe(2);
    expect((await launched([`--${long}`, 'true'])).status).toBe(2);
  });

  test('passes on no fd of its own', async () => {
    put('fds.sh', '#!/bin/sh\nls -l /proc/self/fd | grep -c -e "->"\n', 0o755);
    const plain = await started('/bin/sh', [join(root, 'fds.sh')]);
    const { stdout } = await launched([
      ...['--audit-log', join(root, 'fds.jsonl'), '--allow-exec', '/', '--'],
      join(root, 'fds.sh'),
    ]);
    expect(stdout).toBe(plain.stdout);
  });

  test('the fds of whoever starts it go through', () => {
    const { stdout } = spawnSync('/bin/sh', ['-c', `exec 7<&0; exec ${launcher} cat <&7`], {
      input: 'through',
      encoding: 'utf8',
    });
    expect(stdout).toBe('through');
  });

  test('without standard fds it starts the command all the same', () => {
    const { status } = spawnSync('/bin/sh', [
      '-c',
      `exec ${launcher} --allow-exec / -- /bin/sh -c 'exit 5' <&- >&- 2>&-`,
    ]);
    expect(status).toBe(5);
  });

  describe('where a seccomp filter refuses', () => {
    const refuse = join(root, 'refuse');
    execFileSync('cc', [
      '-o',
      refuse,
      fileURLToPath(new URL('../../lab/refuse.c', import.meta.url)),
    ]);
    test.for([
      ['prctl-securebits', 'EPERM', 126, /securebits cannot be set.*EPERM/],
      ['prctl', 'ENOSYS', 126, /securebits cannot be set.*ENOSYS/],
    ] as const)('%s with %s', async ([call, errno, status, stderr]) => {
      const outcome = await started(refuse, [
        ...['--errno', errno, '--syscall', call, '--', launcher, '--', '/bin/echo', 'RAN'],
      ]);
      expect(outcome).toMatchObject({ status, stdout: '' });
      expect(outcome.stderr).toMatch(stderr);
    });

    test('openat2, execveat and unshare, which it does not need', async () => {
      const outcome = await started(refuse, [
        ...['--syscall', 'openat2,execveat,unshare', '--', launcher, '--', '/bin/echo', 'ran'],
      ]);
      expect(outcome).toMatchObject({ status: 0, stdout: 'ran\n' });
    });
  });

  test('where the bits are locked already, it goes on', async () => {
    const inner = [launcher, '--', '/bin/echo', 'ran'];
    expect((await launched(['--lock', '--', ...inner])).stdout).toBe('ran\n');
    expect((await launched(['--lock', '--', launcher, '--lock', '/bin/echo', 'ran'])).stdout).toBe(
      'ran\n',
    );
  });
});

describe('mayexec preload', () => {
  test('prints where the preload and the launcher are', async () => {
    const print = (...args: string[]): Promise<Outcome> =>
      started(process.execPath, [command, 'preload', ...args], { cwd: '/' });
    expect(await print()).toMatchObject({ status: 0, stdout: `${preload}\n` });
    expect(await print('--launcher')).toMatchObject({ status: 0, stdout: `${launcher}\n` });
  });
});
