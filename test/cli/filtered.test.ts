import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { command } from '../support/built.js';
import type { Scan } from './run.js';
import { modes, spawned, temporary, tree, type Result } from './run.js';

const refuse = join(temporary(), 'refuse');
execFileSync('cc', [
  '-O2',
  '-o',
  refuse,
  fileURLToPath(new URL('../../lab/refuse.c', import.meta.url)),
]);

const root = tree({
  'a.js': '',
  'b.js': ['', 0o755],
  cli: '#!/usr/bin/node\n',
  'package.json': '{"bin":"tool"}',
  tool: '',
});

/** The command where a seccomp filter answers the system call. */
function filtered(call: string, args: string[]): Result {
  const [syscall = '', errno = ''] = call.split(':');
  const options = ['--errno', errno, '--syscall', syscall, '--'];
  return spawnSync(refuse, [...options, process.execPath, command, ...args], { encoding: 'utf8' });
}

it.each([
  [
    'probe says that the check is filtered',
    'execveat:ENOSYS',
    ['probe'],
    3,
    /AT_EXECVE_CHECK +filtered/,
    /^$/,
  ],
  [
    'probe says that openat2 is filtered',
    'openat2:EPERM',
    ['probe'],
    0,
    /A seccomp filter refuses openat2/,
    /^$/,
  ],
  [
    'probe says that the securebits are hidden',
    'prctl:EPERM',
    ['probe'],
    0,
    /^securebits +unknown$[^]*A seccomp filter hides the securebits/m,
    /^$/,
  ],
  [
    'explain where the securebits are hidden ends with status 3',
    'prctl:EPERM',
    ['explain', join(root, 'b.js')],
    3,
    /^[^\n]*b\.js\n$/,
    /^mayexec: prctl\(PR_GET_SECUREBITS\) is refused by a seccomp filter/,
  ],
  [
    'check ends with status 3',
    'execveat:EPERM',
    ['check', join(root, 'b.js')],
    3,
    /^$/,
    /^mayexec: .*seccomp filter/,
  ],
  [
    'check --emulate answers',
    'execveat:EPERM',
    ['check', '--emulate', join(root, 'b.js')],
    0,
    /^allowed/,
    /^$/,
  ],
  [
    'scan ends with status 3 and says what it needs',
    'execveat:ENOSYS',
    ['scan', root],
    3,
    /^$/,
    /^mayexec: the kernel cannot check.*--emulate/,
  ],
  [
    'scan where openat2 is filtered ends with status 3',
    'openat2:ENOSYS',
    ['scan', root],
    3,
    /^$/,
    /openat2 is refused by a seccomp filter/,
  ],
  [
    'seal where openat2 is filtered ends with status 3',
    'openat2:EPERM',
    ['seal', root],
    3,
    /^$/,
    /openat2 is refused by a seccomp filter/,
  ],
  [
    'run --allow-exec without Landlock starts nothing, and says what is missing',
    'landlock_create_ruleset:ENOSYS',
    ['run', '--quiet', '--allow-exec', '/', '--', 'echo', 'started'],
    3,
    /^$/,
    /^mayexec: --allow-exec: .*Landlock.* needs Linux 5\.13 or newer/,
  ],
  [
    'run --allow-exec where Landlock is filtered says so',
    'landlock_create_ruleset:EPERM',
    ['run', '--quiet', '--allow-exec', '/', '--', 'echo', 'started'],
    3,
    /^$/,
    /^mayexec: --allow-exec: .*Landlock.*seccomp filter/,
  ],
] as const)('%s', (_name, call, args, status, stdout, stderr) => {
  const result = filtered(call, [...args]);
  expect(result.stdout).toMatch(stdout);
  expect(result.stderr).toMatch(stderr);
  expect(result.status).toBe(status);
});

it('scan --emulate finds by mode bits what the kernel would refuse', () => {
  const { stdout, status } = filtered('execveat:ENOSYS', ['scan', '--emulate', '--json', root]);
  const found = JSON.parse(stdout) as Scan;
  expect(found.mechanism).toBe('emulated');
  expect(found.refused.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
    'a.js mode',
    'cli mode',
    'tool mode',
  ]);
  expect(status).toBe(1);
});

it('scan asks the kernel where a container forbids unshare', () => {
  const { stdout, status } = filtered('unshare:EPERM', ['scan', '--json', root]);
  const found = JSON.parse(stdout) as Scan;
  expect(found.mechanism).toBe('at_execve_check');
  expect(found.refused.map(({ path }) => path)).toEqual(['a.js', 'cli', 'tool']);
  expect(status).toBe(1);
});

describe('where seal is kept from a part of its work', () => {
  const files = (): string => tree({ 'a.js': '', 'b.js': '' });
  const executable = (of: string): string[] =>
    Object.entries(modes(of)).flatMap(([name, mode]) => (mode === '0755' ? [name] : []));

  it('warns that a directory cannot be locked, and goes on', () => {
    const of = files();
    const { status, stderr } = filtered('flock:ENOSYS', ['seal', '--no-journal', of]);
    expect(stderr).toMatch(/cannot be locked \(ENOSYS\): make sure that no other seal works there/);
    expect({ status, executable: executable(of) }).toEqual({
      status: 0,
      executable: ['a.js', 'b.js'],
    });
  });

  it('names each file whose mode it cannot change', () => {
    const of = files();
    const { status, stdout } = filtered('fchmod:EPERM', ['seal', '--no-journal', '--json', of]);
    expect(JSON.parse(stdout)).toMatchObject({
      sealed: 0,
      refused: ['a.js', 'b.js'].map((path) => ({ path, refusal: 'failed', errno: 'EPERM' })),
    });
    expect({ status, executable: executable(of) }).toEqual({ status: 2, executable: [] });
  });

  it('says in --undo which files keep their x', () => {
    const of = files();
    const journal = join(temporary(), 'journal');
    expect(spawned(['seal', '--journal', journal, of]).status).toBe(0);
    const undo = ['seal', '--undo', '--journal', journal, '--json', of];
    const { status, stdout } = filtered('fchmod:EPERM', undo);
    expect(JSON.parse(stdout)).toMatchObject({
      refused: ['b.js', 'a.js'].map((path) => ({ path, refusal: 'failed', errno: 'EPERM' })),
    });
    expect({ status, executable: executable(of) }).toEqual({
      status: 2,
      executable: ['a.js', 'b.js'],
    });
  });

  it('seals nothing in a directory that it cannot list, and names it', () => {
    const of = files();
    const { status, stdout } = filtered('getdents64:EPERM', [
      ...['seal', '--no-journal', '--json', of],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      sealed: 0,
      unexamined: [{ path: '.', errno: 'EPERM' }],
    });
    expect({ status, executable: executable(of) }).toEqual({ status: 2, executable: [] });
  });
});
