import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { constants, type OpenHow, type PathLike } from '../../src/index.js';
import { needs, openat2IsRefused, openat2Reason } from '../support/kernel.js';
import { withPrograms } from '../support/other-programs.js';
import { openFds, runChild, type ChildOptions } from '../support/sandbox.js';
import { deviceScript, fails, mountScript, opens, type Outcome } from './cases.js';
import { box, calls, expectOutcome, fds, invalid } from './fixture.js';

const NOBODY = 65534;
const NOT_OPEN = 0x7fffffff;
const { O_CREAT, O_DIRECTORY, O_EXCL, O_RDWR, O_TMPFILE, O_TRUNC, O_WRONLY } = constants;
const { O_NOATIME, O_NOFOLLOW, O_NONBLOCK } = constants;

interface ErrorCase {
  readonly title: string;
  readonly path: PathLike;
  readonly how?: OpenHow;
  readonly outcome: Outcome;
  /** Refused by the native layer, and so where openat2 is filtered too. */
  readonly native?: true;
  readonly needs?: readonly ('resolveCached' | 'unshare' | 'root')[];
  readonly program?: 'chattr';
  /** For another user, or in a mount namespace. */
  readonly child?: ChildOptions;
}

describe('every errno has its class', () => {
  const socket = box.path('socket');
  const running = box.path('running');
  const locked = box.path('locked');
  const appended = box.path('appended');
  const nobody = { uid: NOBODY } as const;
  const namespace = (script: string): ChildOptions => ({
    mounts: `cd '${box.path('mounts')}'\n${script}\ncd /`,
  });
  const inMounts = { child: namespace(mountScript), needs: ['unshare'] } as const;
  const withDevices = { child: namespace(deviceScript), needs: ['unshare', 'root'] } as const;

  box.file('file');
  box.file('private', 0o600);
  box.file('readable', 0o644);
  box.file('hidden/file', 0o644);
  box.directory('hidden', 0o700);
  box.fifo('fifo');
  for (const path of [locked, appended]) fs.writeFileSync(path, '');
  fs.copyFileSync('/bin/sleep', running);
  fs.chmodSync(running, 0o755);

  // Some file systems have no such attribute, and then the open succeeds.
  const chattr = (attribute: string, path: string) =>
    spawnSync('chattr', [attribute, path]).status === 0;
  const hasAttributes = chattr('+i', locked) && chattr('+a', appended);
  const permission = fails('PermissionError', 'EPERM');

  let sleeper: ReturnType<typeof spawn>;
  beforeAll(async () => {
    await box.socket('socket');
    sleeper = spawn(running, ['600'], { stdio: 'ignore' });
    await new Promise((resolve) => sleeper.once('spawn', resolve));
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => sleeper.once('exit', resolve));
    sleeper.kill('SIGKILL');
    await ended;
    chattr('-i', locked);
    chattr('-a', appended);
  });

  const name = (length: number) => 'n'.repeat(length);
  const cases: readonly ErrorCase[] = [
    {
      title: 'EXDEV: a path that leaves where it is kept',
      path: '..',
      how: { resolve: { beneath: true } },
      outcome: fails('PathEscapeError', 'EXDEV'),
    },
    {
      title: 'ELOOP: a link to itself',
      path: box.path('tree/loop'),
      outcome: fails('SymlinkError', 'ELOOP'),
    },
    {
      title: 'ELOOP: a link with O_NOFOLLOW',
      path: box.path('tree/relative'),
      how: { flags: O_NOFOLLOW },
      outcome: fails('SymlinkError', 'ELOOP'),
    },
    {
      title: 'ENOENT: a missing file',
      path: box.path('nothing'),
      outcome: fails('NotFoundError', 'ENOENT'),
    },
    { title: 'ENOENT: the empty path', path: '', outcome: fails('NotFoundError', 'ENOENT') },
    {
      title: 'ENOENT: an empty Buffer',
      path: Buffer.alloc(0),
      outcome: fails('NotFoundError', 'ENOENT'),
    },
    {
      title: 'ENOENT: a missing directory on the way',
      path: box.path('nothing/file'),
      how: { flags: O_CREAT | O_WRONLY, mode: 0o600 },
      outcome: fails('NotFoundError', 'ENOENT'),
    },
    {
      title: 'ENOTDIR: a file on the way',
      path: box.path('file/below'),
      outcome: fails('NotFoundError', 'ENOTDIR'),
    },
    {
      title: 'ENOTDIR: a file with a slash behind it',
      path: box.path('file/'),
      outcome: fails('NotFoundError', 'ENOTDIR'),
    },
    {
      title: 'ENOTDIR: a file with O_DIRECTORY',
      path: box.path('file'),
      how: { flags: O_DIRECTORY },
      outcome: fails('NotFoundError', 'ENOTDIR'),
    },
    {
      title: 'ENOTDIR: a file for dir',
      path: 'below',
      how: { dir: fds.FD },
      outcome: fails('NotFoundError', 'ENOTDIR'),
    },
    {
      title: 'EACCES: a file without read permission',
      path: box.path('private'),
      child: nobody,
      outcome: fails('PermissionError', 'EACCES'),
    },
    {
      title: 'EACCES: a file without write permission',
      path: box.path('readable'),
      how: { flags: O_WRONLY },
      child: nobody,
      outcome: fails('PermissionError', 'EACCES'),
    },
    {
      title: 'EACCES: a directory on the way without search permission',
      path: box.path('hidden/file'),
      child: nobody,
      outcome: fails('PermissionError', 'EACCES'),
    },
    {
      title: 'EACCES: a new file in a directory without write permission',
      path: box.path('tree/new'),
      how: { flags: O_CREAT | O_WRONLY, mode: 0o600 },
      child: nobody,
      outcome: fails('PermissionError', 'EACCES'),
    },
    {
      title: 'EACCES: a device on a nodev mount',
      path: box.path('mounts/nodev/null'),
      ...withDevices,
      outcome: fails('PermissionError', 'EACCES'),
    },
    {
      title: 'EPERM: O_NOATIME on the file of another user, which is not taken for a filter',
      path: box.path('readable'),
      how: { flags: O_NOATIME },
      child: nobody,
      outcome: permission,
    },
    {
      title: 'EPERM: an immutable file, opened for writing',
      path: locked,
      how: { flags: O_WRONLY },
      program: 'chattr',
      outcome: hasAttributes ? permission : opens('locked'),
    },
    {
      title: 'EPERM: an append-only file, opened without O_APPEND',
      path: appended,
      how: { flags: O_WRONLY },
      program: 'chattr',
      outcome: hasAttributes ? permission : opens('appended'),
    },
    {
      title: 'EISDIR: a directory with O_WRONLY',
      path: box.path('tree'),
      how: { flags: O_WRONLY },
      outcome: fails('FileTypeError', 'EISDIR'),
    },
    {
      title: 'EISDIR: a directory with O_RDWR',
      path: box.path('tree'),
      how: { flags: O_RDWR },
      outcome: fails('FileTypeError', 'EISDIR'),
    },
    {
      title: 'EISDIR: a directory with O_CREAT',
      path: box.path('tree'),
      how: { flags: O_CREAT, mode: 0o600 },
      outcome: fails('FileTypeError', 'EISDIR'),
    },
    { title: 'ENXIO: a socket', path: socket, outcome: fails('FileTypeError', 'ENXIO') },
    {
      title: 'ENXIO: a fifo that nobody reads',
      path: box.path('fifo'),
      how: { flags: O_WRONLY | O_NONBLOCK },
      outcome: fails('FileTypeError', 'ENXIO'),
    },
    {
      title: 'ENXIO: a device without a driver',
      path: box.path('mounts/tmpfs/no-driver'),
      ...withDevices,
      outcome: fails('FileTypeError', 'ENXIO'),
    },
    {
      title: 'ETXTBSY: a running program, opened for writing',
      path: running,
      how: { flags: O_WRONLY },
      outcome: fails('FileBusyError', 'ETXTBSY'),
    },
    {
      title: 'ETXTBSY: a running program, truncated',
      path: running,
      how: { flags: O_WRONLY | O_TRUNC },
      outcome: fails('FileBusyError', 'ETXTBSY'),
    },
    {
      title: 'EAGAIN: RESOLVE_CACHED and a name that nobody has looked up',
      path: box.path(`never-${process.pid}`),
      how: { resolve: { cached: true } },
      needs: ['resolveCached'],
      outcome: fails('RetryError', 'EAGAIN'),
    },
    {
      title: 'EAGAIN: RESOLVE_CACHED beneath, which is not retried',
      path: 'tree/never-beneath',
      how: { resolve: { cached: true, beneath: true } },
      needs: ['resolveCached'],
      outcome: fails('RetryError', 'EAGAIN'),
    },
    ...(
      [
        ['O_CREAT', O_CREAT | O_RDWR, 0o600],
        ['O_TRUNC', O_TRUNC | O_RDWR, 0],
      ] as const
    ).map(([flag, flags, mode]) => ({
      title: `EAGAIN: RESOLVE_CACHED with ${flag}, whatever is cached`,
      path: box.path('file'),
      how: { flags, mode, resolve: { cached: true } },
      needs: ['resolveCached'] as const,
      outcome: fails('RetryError', 'EAGAIN'),
    })),
    {
      title: 'EAGAIN: RESOLVE_CACHED with O_TMPFILE',
      path: box.path('tree'),
      how: { flags: O_TMPFILE | O_RDWR, mode: 0o600, resolve: { cached: true } },
      needs: ['resolveCached'],
      outcome: fails('RetryError', 'EAGAIN'),
    },
    {
      title: 'EINVAL: O_CREAT with O_DIRECTORY (EISDIR before Linux 6.4)',
      path: box.path('tree'),
      how: { flags: O_CREAT | O_DIRECTORY, mode: 0o700 },
      outcome: { ...invalid, before: fails('FileTypeError', 'EISDIR') },
    },
    {
      title: 'EINVAL: O_TMPFILE for reading alone',
      path: box.path('tree'),
      how: { flags: O_TMPFILE, mode: 0o600 },
      outcome: invalid,
    },
    {
      title: 'EINVAL: beneath together with inRoot',
      path: '.',
      how: { resolve: { beneath: true, inRoot: true } },
      outcome: invalid,
    },
    {
      title: 'EBADF: a dir that is not open',
      path: 'file',
      how: { dir: NOT_OPEN },
      outcome: fails('InvalidArgumentError', 'EBADF'),
    },
    {
      title: 'EBADF never: a dir that is not open, with an absolute path',
      path: box.path('file'),
      how: { dir: NOT_OPEN },
      outcome: opens('file'),
    },
    {
      title: 'ENAMETOOLONG: a name of 256 bytes',
      path: box.path(name(256)),
      outcome: fails('InvalidArgumentError', 'ENAMETOOLONG'),
    },
    {
      title: 'ENOENT: a name of 255 bytes',
      path: box.path(name(255)),
      outcome: fails('NotFoundError', 'ENOENT'),
    },
    {
      title: 'ENOENT: a path of 4095 bytes',
      path: 'nothing/'.repeat(512).slice(0, 4095),
      outcome: fails('NotFoundError', 'ENOENT'),
    },
    {
      title: 'ENAMETOOLONG: a path of 4096 bytes',
      path: 'nothing/'.repeat(512),
      native: true,
      outcome: fails('InvalidArgumentError', 'ENAMETOOLONG'),
    },
    {
      title: 'ENAMETOOLONG: a Buffer of 4096 bytes',
      path: Buffer.alloc(4096, 'a'),
      native: true,
      outcome: fails('InvalidArgumentError', 'ENAMETOOLONG'),
    },
    {
      title: 'ENAMETOOLONG: 2048 letters of two bytes',
      path: 'ü'.repeat(2048),
      native: true,
      outcome: fails('InvalidArgumentError', 'ENAMETOOLONG'),
    },
    {
      title: 'ENAMETOOLONG: a path of a million bytes',
      path: 'nothing/'.repeat(125_000),
      native: true,
      outcome: fails('InvalidArgumentError', 'ENAMETOOLONG'),
    },
    {
      title: 'EEXIST: O_EXCL and a file that is there',
      path: box.path('file'),
      how: { flags: O_CREAT | O_EXCL | O_WRONLY, mode: 0o600 },
      outcome: fails('SyscallError', 'EEXIST'),
    },
    {
      title: 'EEXIST: O_EXCL and a dangling link',
      path: box.path('tree/dangling'),
      how: { flags: O_CREAT | O_EXCL | O_WRONLY, mode: 0o600 },
      outcome: fails('SyscallError', 'EEXIST'),
    },
    {
      title: 'EROFS: a file on a read-only mount, opened for writing',
      path: box.path('mounts/read-only/file'),
      how: { flags: O_WRONLY },
      ...inMounts,
      outcome: fails('SyscallError', 'EROFS'),
    },
    {
      title: 'EROFS: a new file on a read-only mount',
      path: box.path('mounts/read-only/new'),
      how: { flags: O_CREAT | O_WRONLY, mode: 0o600 },
      ...inMounts,
      outcome: fails('SyscallError', 'EROFS'),
    },
    {
      title: 'ENOSPC: a new file on a file system that is full',
      path: box.path('mounts/full/new'),
      how: { flags: O_CREAT | O_WRONLY, mode: 0o600 },
      ...inMounts,
      outcome: fails('SyscallError', 'ENOSPC'),
    },
    {
      title: 'EOPNOTSUPP, which libuv calls ENOTSUP: O_TMPFILE in /proc',
      path: '/proc',
      how: { flags: O_TMPFILE | O_RDWR, mode: 0o600 },
      needs: ['root'],
      outcome: fails('SyscallError', 'ENOTSUP', 'EOPNOTSUPP'),
    },
  ];

  for (const { title, path, how, outcome, native, needs: need, program, child } of cases) {
    const declare =
      program !== undefined ? withPrograms(program) : need === undefined ? test : needs(...need);
    for (const [form, call] of Object.entries(calls)) {
      declare(`${title} (${form})`, async () => {
        if (child !== undefined) {
          const error = runChild<{ name: string; code: string; reason?: string }>(
            `return await attempt(() => mayexec.${form}(input.path, input.how));`,
            { ...child, input: { path, how } },
          );
          if (openat2Reason !== undefined) {
            expect(error).toMatchObject({ name: 'UnsupportedError', reason: openat2Reason });
          } else {
            expect(outcome.error).toBe(error.name);
            expect(outcome.error !== undefined && outcome.codes).toContain(error.code);
          }
          return;
        }
        const before = openFds();
        const open = () => call(path, how);
        if (native === true || !(await openat2IsRefused(open))) await expectOutcome(open, outcome);
        expect(openFds()).toEqual(before);
      });
    }
  }

  for (const form of Object.keys(calls)) {
    test(`EMFILE: a process at its limit of fds (${form})`, () => {
      const { opened, error } = runChild<{
        opened: number;
        error: { name: string; code: string; reason?: string };
      }>(
        `
        const opened = [];
        for (let i = 0; i < 100; i++) {
          const fd = await attempt(() => mayexec.${form}('/'));
          if (typeof fd === 'number') {
            opened.push(fd);
            continue;
          }
          for (const each of opened) fs.closeSync(each);
          return { opened: opened.length, error: fd };
        }`,
        { rlimits: { nofile: 64 } },
      );
      if (openat2Reason !== undefined) {
        expect(error).toMatchObject({ name: 'UnsupportedError', reason: openat2Reason });
        return;
      }
      expect(opened).toBeGreaterThan(0);
      expect(error).toMatchObject({ name: 'ResourceError', code: 'EMFILE' });
    });
  }
});
