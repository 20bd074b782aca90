import { execFileSync, spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import * as mayexec from '../src/index.js';
import { constants, openat2, openat2Sync, type OpenHow, type PathLike } from '../src/index.js';
import {
  cachedCases,
  fails,
  mountCases,
  mountPoints,
  mountScript,
  opens,
  resolveCases,
  type Outcome,
  type ResolveCase,
} from './openat2.cases.js';
import { has, needs, openat2IsRefused, openat2Reason } from './support/kernel.js';
import { openFds, runChild, sandbox, type ChildOptions } from './support/sandbox.js';

const box = sandbox();
const NOBODY = 65534;
const NOT_OPEN = 0x7fffffff;

/** What the cases of openat2.cases.ts speak of. */
function plant(): void {
  for (const name of ['tree/file', 'tree/sub/file', 'outside', 'mounts/plain']) box.file(name);
  for (const name of ['mounts/source/file', 'mounts/bound-file']) box.file(name);
  for (const name of ['elsewhere', ...mountPoints.map((point) => `mounts/${point}`)]) {
    box.directory(name);
  }
  const links: Readonly<Record<string, string>> = {
    relative: 'file',
    absolute: box.path('tree/file'),
    'absolute-in-root': '/sub/file',
    chained: 'chain/1',
    'chain/1': '../chain/2',
    'chain/2': '../relative',
    'chained-out': 'chain/out',
    'chain/out': '../escaping',
    escaping: '../outside',
    'to-parent': '..',
    'to-sub': 'sub',
    'to-magic': '/proc/self/cwd',
    'sub/back': '../file',
    loop: 'loop',
    dangling: 'nothing',
    'links/0': '../file',
  };
  for (const [name, target] of Object.entries(links)) box.symlink(`tree/${name}`, target);
  for (let i = 1; i <= 40; i++) box.symlink(`tree/links/${i}`, String(i - 1));
}
plant();

const fds = { FD: fs.openSync(box.path('tree/file'), 'r'), PROC: fs.openSync('/proc', 'r') };
afterAll(() => {
  for (const fd of Object.values(fds)) fs.closeSync(fd);
});

const calls = {
  // eslint-disable-next-line @typescript-eslint/require-await
  openat2Sync: async (path: PathLike, how?: OpenHow) => openat2Sync(path, how),
  openat2,
} satisfies Record<string, (path: PathLike, how?: OpenHow) => Promise<number>>;

/** The kernel's numbers, written down a second time. */
const bits: Readonly<Record<keyof mayexec.Resolve, number>> = {
  noXdev: 0x01,
  noMagiclinks: 0x02,
  noSymlinks: 0x04,
  beneath: 0x08,
  inRoot: 0x10,
  cached: 0x20,
};
function toBits(resolve: mayexec.Resolve): number {
  let word = 0;
  for (const [name, bit] of Object.entries(bits)) {
    if (resolve[name as keyof mayexec.Resolve] === true) word |= bit;
  }
  return word;
}
const spellings = {
  'an object': (resolve: mayexec.Resolve) => resolve,
  'a number': toBits,
  'a bigint': (resolve: mayexec.Resolve) => BigInt(toBits(resolve)),
} as const;

const identity = ({ dev, ino }: fs.BigIntStats): string => `${dev}:${ino}`;
/** Of a name in the sandbox, or of another place. */
const place = (name: string): string => (/^[./]/.test(name) ? name : box.path(name));

/** Asserts what came of a call, and closes what was opened. */
async function expectOutcome(
  call: () => Promise<number>,
  outcome: Outcome,
  fill: (path: string) => string = (path) => path,
  check?: (fd: number) => void,
): Promise<void> {
  if (outcome.error !== undefined) {
    const error = await call().then(
      (fd) => {
        const opened = fs.readlinkSync(`/proc/self/fd/${fd}`);
        fs.closeSync(fd);
        throw new Error(`it opened ${opened}`);
      },
      (reason: unknown) => reason as mayexec.SyscallError,
    );
    const { before } = outcome;
    const expected = before?.codes.includes(error.code) === true ? before : outcome;
    expect(expected.codes).toContain(error.code);
    expect(error.name).toBe(expected.error);
    expect(error.constructor).toBe(mayexec[expected.error]);
    expect(error).toBeInstanceOf(mayexec.SyscallError);
    expect(error.syscall).toBe('openat2');
    return;
  }
  const fd = await call();
  try {
    const expected = place(fill(outcome.opens));
    const opened = fs.fstatSync(fd, { bigint: true });
    const stat = opened.isSymbolicLink() ? fs.lstatSync : fs.statSync;
    expect(identity(opened), `it opened ${fs.readlinkSync(`/proc/self/fd/${fd}`)}`).toBe(
      identity(stat(expected, { bigint: true })),
    );
    check?.(fd);
  } finally {
    fs.closeSync(fd);
  }
}

describe('resolve', () => {
  const fill = (path: string): string =>
    path
      .replace('TREE', box.path('tree'))
      .replace('FD', String(fds.FD))
      .replace('PROC', String(fds.PROC));

  function declare(
    cases: readonly ResolveCase[],
    declareTest: (title: string, fn: () => unknown) => void,
    before: (name: string) => void = () => undefined,
  ): void {
    for (const { title, path, resolve, outcome, flags = 0, dir = 'tree' } of cases) {
      for (const [form, call] of Object.entries(calls)) {
        for (const [spelling, spell] of Object.entries(spellings)) {
          declareTest(`${title} (${form}, ${spelling})`, async () => {
            const dirfd = fs.openSync(place(dir), constants.O_PATH);
            try {
              const open = () => call(fill(path), { dir: dirfd, flags, resolve: spell(resolve) });
              if (await openat2IsRefused(open)) return;
              before(path);
              await expectOutcome(open, outcome, fill);
            } finally {
              fs.closeSync(dirfd);
            }
          });
        }
      }
    }
  }

  declare(resolveCases, test);
  declare(cachedCases, needs('resolveCached'), (path) => {
    fs.statSync(box.path(`tree/${path}`));
    fs.closeSync(fs.openSync(box.path(`tree/${path}`), 'r'));
  });

  describe('in a mount namespace', () => {
    interface Found {
      opened?: string;
      expected?: string;
      name?: string;
      code?: string;
      reason?: string;
    }
    let found: Record<string, Found>;
    beforeAll(() => {
      if (!has('unshare')) return;
      found = runChild(
        `
        const identity = ({ dev, ino }) => dev + ':' + ino;
        const found = {};
        for (const { title, path, resolve, word, outcome, flags, dir } of input) {
          const spellings = { 'an object': resolve, 'a number': word, 'a bigint': BigInt(word) };
          for (const form of ['openat2Sync', 'openat2']) {
            for (const [spelling, resolve] of Object.entries(spellings)) {
              const dirfd = fs.openSync(dir, 'r');
              const fd = await attempt(() => mayexec[form](path, { dir: dirfd, flags, resolve }));
              const key = title + ' (' + form + ', ' + spelling + ')';
              if (typeof fd !== 'number') {
                found[key] = fd;
              } else {
                found[key] = { opened: identity(fs.fstatSync(fd, { bigint: true })) };
                if (outcome.opens) {
                  found[key].expected = identity(fs.statSync(outcome.opens, { bigint: true }));
                }
                fs.closeSync(fd);
              }
              fs.closeSync(dirfd);
            }
          }
        }
        return found;`,
        {
          cwd: box.dir,
          mounts: `cd '${box.path('mounts')}'\n${mountScript}\ncd '${box.dir}'`,
          input: mountCases.map((row) => ({
            flags: 0,
            ...row,
            word: toBits(row.resolve),
          })),
        },
      );
    });

    for (const { title, outcome } of mountCases) {
      for (const form of Object.keys(calls)) {
        for (const spelling of Object.keys(spellings)) {
          const key = `${title} (${form}, ${spelling})`;
          needs('unshare')(key, () => {
            const { opened, expected, name, code, reason } = found[key] ?? {};
            if (openat2Reason !== undefined) {
              expect({ name, reason }).toEqual({ name: 'UnsupportedError', reason: openat2Reason });
            } else if (outcome.error !== undefined) {
              expect(opened, 'it opened').toBeUndefined();
              expect(outcome.codes).toContain(code);
              expect(name).toBe(outcome.error);
            } else {
              expect(code).toBeUndefined();
              expect(opened).toBe(expected);
            }
          });
        }
      }
    }
  });

  describe('inRoot with O_CREAT', () => {
    const created: readonly [title: string, path: string, lands: string][] = [
      ['an absolute path is created within', '/created-1', 'tree/created-1'],
      ['a path of .. is created within', '../../created-2', 'tree/created-2'],
      [
        'a path through an absolute link is created within',
        'to-root-sub/created-3',
        'tree/sub/created-3',
      ],
      ['the target of a link out is created within', 'to-created-4', 'tree/created-4'],
      ['the target of an absolute link is created within', 'to-created-5', 'tree/created-5'],
    ];
    beforeAll(() => {
      box.symlink('tree/to-root-sub', '/sub');
      box.symlink('tree/to-created-4', '../../../created-4');
      box.symlink('tree/to-created-5', '/created-5');
    });
    for (const [title, path, lands] of created) {
      for (const [form, call] of Object.entries(calls)) {
        test(`${title} (${form})`, async () => {
          const dir = fs.openSync(box.path('tree'), 'r');
          try {
            const open = () =>
              call(path, {
                dir,
                flags: constants.O_CREAT | constants.O_RDWR,
                mode: 0o600,
                resolve: { inRoot: true },
              });
            if (await openat2IsRefused(open)) return;
            await expectOutcome(open, opens(lands));
            expect(fs.existsSync(box.path(basename(lands))), 'nothing outside').toBe(false);
          } finally {
            fs.closeSync(dir);
            fs.rmSync(box.path(lands), { force: true });
          }
        });
      }
    }
  });
});

describe('where a path starts', () => {
  const file = box.path('tree/file');
  const bytes = Buffer.concat([Buffer.from(box.path('tree/')), Buffer.from([0xff, 0xfe])]);
  fs.writeFileSync(bytes, '');
  const spaced = box.file('tree/with space ünd %41');

  const paths: readonly [title: string, path: PathLike, opens: string][] = [
    ['an absolute string', file, 'tree/file'],
    ['a Buffer', Buffer.from(file), 'tree/file'],
    ['a Uint8Array', new Uint8Array(Buffer.from(file)), 'tree/file'],
    ['a file: URL', pathToFileURL(file), 'tree/file'],
    ['a string of other alphabets', spaced, 'tree/with space ünd %41'],
    ['a file: URL with escapes', pathToFileURL(spaced), 'tree/with space ünd %41'],
  ];
  for (const [title, path, target] of paths) {
    for (const [form, call] of Object.entries(calls)) {
      test(`${title} opens (${form})`, async () => {
        if (await openat2IsRefused(() => call(path))) return;
        await expectOutcome(() => call(path), opens(target));
      });
    }
  }

  for (const [form, call] of Object.entries(calls)) {
    test(`a Buffer that is no UTF-8 opens the file of that very name (${form})`, async () => {
      if (await openat2IsRefused(() => call(bytes))) return;
      const fd = await call(bytes);
      expect(fs.readlinkSync(`/proc/self/fd/${fd}`, 'buffer')).toEqual(bytes);
      fs.closeSync(fd);
    });

    test(`a relative path starts at the current directory (${form})`, async () => {
      const open = () => call('.', { flags: constants.O_PATH });
      if (await openat2IsRefused(open)) return;
      await expectOutcome(open, opens('.'));
    });

    test(`a relative path starts at dir, opened with O_PATH or not (${form})`, async () => {
      for (const flags of [constants.O_RDONLY, constants.O_PATH]) {
        const dir = fs.openSync(box.path('tree/sub'), flags);
        try {
          if (await openat2IsRefused(() => call('file', { dir }))) return;
          await expectOutcome(() => call('file', { dir }), opens('tree/sub/file'));
          await expectOutcome(() => call('../file', { dir }), opens('tree/file'));
        } finally {
          fs.closeSync(dir);
        }
      }
    });

    test(`AT_FDCWD is the current directory (${form})`, async () => {
      const open = () => call('.', { dir: constants.AT_FDCWD });
      if (await openat2IsRefused(open)) return;
      await expectOutcome(open, opens('.'));
    });
  }
});

const { O_CREAT, O_DIRECTORY, O_EXCL, O_PATH, O_RDONLY, O_RDWR, O_TMPFILE, O_TRUNC, O_WRONLY } =
  constants;
const { O_APPEND, O_NOATIME, O_NOFOLLOW, O_NONBLOCK } = constants;
const invalid = fails('InvalidArgumentError', 'EINVAL');

interface ErrorCase {
  readonly title: string;
  readonly path: PathLike;
  readonly how?: OpenHow;
  readonly outcome: Outcome;
  /** Refused by the native layer, and so where openat2 is filtered too. */
  readonly native?: true;
  readonly needs?: 'resolveCached' | 'unshare';
  /** For another user, or in a mount namespace. */
  readonly child?: ChildOptions;
}

describe('every errno has its class', () => {
  const socket = box.path('socket');
  const running = box.path('running');
  const locked = box.path('locked');
  const appended = box.path('appended');
  const nobody = { uid: NOBODY } as const;
  const namespace = {
    mounts: `cd '${box.path('mounts')}'\n${mountScript}\ncd /`,
  } as const;
  const inMounts = { child: namespace, needs: 'unshare' } as const;

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
      ...inMounts,
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
      outcome: hasAttributes ? permission : opens('locked'),
    },
    {
      title: 'EPERM: an append-only file, opened without O_APPEND',
      path: appended,
      how: { flags: O_WRONLY },
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
      ...inMounts,
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
      needs: 'resolveCached',
      outcome: fails('RetryError', 'EAGAIN'),
    },
    {
      title: 'EAGAIN: RESOLVE_CACHED beneath, which is not retried',
      path: 'tree/never-beneath',
      how: { resolve: { cached: true, beneath: true } },
      needs: 'resolveCached',
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
      needs: 'resolveCached' as const,
      outcome: fails('RetryError', 'EAGAIN'),
    })),
    {
      title: 'EAGAIN: RESOLVE_CACHED with O_TMPFILE',
      path: box.path('tree'),
      how: { flags: O_TMPFILE | O_RDWR, mode: 0o600, resolve: { cached: true } },
      needs: 'resolveCached',
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
      outcome: fails('SyscallError', 'ENOTSUP', 'EOPNOTSUPP'),
    },
  ];

  for (const { title, path, how, outcome, native, needs: need, child } of cases) {
    const declare = need === undefined ? test : needs(need);
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

describe('flag bits', () => {
  const executable = box.file('executable', 0o755);
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i);

  const unknown = [...range(2, 5), 24, 25, ...range(27, 31), ...range(33, 63)];
  for (const bit of unknown) {
    for (const [form, call] of Object.entries(calls)) {
      test(`bit ${bit} has no name and is refused, whatever the kernel makes of it (${form})`, async () => {
        await expectOutcome(() => call('/', { flags: 1n << BigInt(bit) }), invalid);
        if (bit < 53) await expectOutcome(() => call('/', { flags: 2 ** bit }), invalid);
      });
    }
  }

  test('all unknown bits at once are refused', async () => {
    await expectOutcome(() => openat2('/', { flags: 0xffff_ffff_ffff_ffffn }), invalid);
  });

  for (const bit of range(6, 63)) {
    for (const [form, call] of Object.entries(calls)) {
      test(`resolve bit ${bit} has no name and is refused (${form})`, async () => {
        await expectOutcome(() => call('/', { resolve: 1n << BigInt(bit) }), invalid);
        if (bit < 53) await expectOutcome(() => call('/', { resolve: 2 ** bit }), invalid);
      });
    }
  }

  const named: readonly (readonly [title: string, path: string, how: OpenHow, outcome: Outcome])[] =
    [
      ['bit 22, half of O_TMPFILE, is EINVAL alone', '/', { flags: 1 << 22 }, invalid],
      [
        has('oMayExec')
          ? 'bit 23, O_MAYEXEC, opens an executable file'
          : 'bit 23, O_MAYEXEC, is EINVAL where the kernel has it not',
        executable,
        { flags: constants.O_MAYEXEC },
        has('oMayExec') ? opens('executable') : invalid,
      ],
      [
        has('emptyPath')
          ? 'bit 26, O_EMPTYPATH, opens the fd again'
          : 'bit 26, O_EMPTYPATH, opens nothing where the kernel has it not',
        '',
        { flags: constants.O_EMPTYPATH, dir: fds.FD },
        // Kernels before about 6.14 drop the bit in silence.
        has('emptyPath')
          ? opens('tree/file')
          : { ...invalid, before: fails('NotFoundError', 'ENOENT') },
      ],
      [
        has('regular')
          ? 'bit 32, OPENAT2_REGULAR, refuses a directory'
          : 'bit 32, OPENAT2_REGULAR, is EINVAL where the kernel has it not',
        '/',
        { flags: constants.OPENAT2_REGULAR },
        has('regular') ? fails('FileTypeError', 'EFTYPE') : invalid,
      ],
      [
        has('regular')
          ? 'bit 32, OPENAT2_REGULAR, opens a file'
          : 'bit 32, OPENAT2_REGULAR, is EINVAL for a file too',
        executable,
        { flags: constants.OPENAT2_REGULAR },
        has('regular') ? opens('executable') : invalid,
      ],
      [
        'RESOLVE_CACHED is EINVAL where the kernel has it not',
        '/',
        { resolve: 0x20, flags: O_CREAT, mode: 0o600 },
        has('resolveCached') ? fails('RetryError', 'EAGAIN') : invalid,
      ],
    ];
  for (const [title, path, how, outcome] of named) {
    for (const [form, call] of Object.entries(calls)) {
      test(`${title} (${form})`, async () => {
        const open = () => call(path, how);
        if (await openat2IsRefused(open)) return;
        await expectOutcome(open, outcome);
      });
    }
  }

  /** The flags that an open file keeps, as its fdinfo tells them; each needs what stands beside it. */
  const kept: readonly (readonly [name: string, bits: number, needs?: number])[] = [
    ['O_RDONLY', O_RDONLY],
    ['O_WRONLY', O_WRONLY],
    ['O_RDWR', O_RDWR],
    ['O_APPEND', O_APPEND, O_WRONLY],
    ['O_NONBLOCK', O_NONBLOCK],
    ['O_DSYNC', constants.O_DSYNC, O_WRONLY],
    ['O_SYNC', constants.O_SYNC, O_WRONLY],
    ['O_NOFOLLOW', O_NOFOLLOW],
    ['O_NOATIME', O_NOATIME],
    ['O_CLOEXEC', constants.O_CLOEXEC],
    ['O_PATH', O_PATH],
    ['O_PATH with O_NOFOLLOW', O_PATH | O_NOFOLLOW],
  ];
  const fdFlags = (fd: number): number => {
    const info = fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
    return Number.parseInt(/^flags:\s+([0-7]+)$/m.exec(info)?.[1] ?? '', 8);
  };
  for (const [flag, word, others = 0] of kept) {
    for (const [form, call] of Object.entries(calls)) {
      for (const [type, flags] of [
        ['a number', word | others],
        ['a bigint', BigInt(word | others)],
      ] as const) {
        test(`${flag} as ${type} reaches the file, and O_CLOEXEC with it (${form})`, async () => {
          const open = () => call(executable, { flags });
          if (await openat2IsRefused(open)) return;
          await expectOutcome(open, opens('executable'), undefined, (fd) => {
            const found = fdFlags(fd);
            expect(found & (word | others)).toBe(word | others);
            expect(found & constants.O_CLOEXEC, 'O_CLOEXEC').toBe(constants.O_CLOEXEC);
          });
        });
      }
    }
  }
  const dropped: readonly (readonly [name: string, bits: number])[] = [
    ['O_CREAT', O_CREAT],
    ['O_EXCL', O_EXCL],
    ['O_NOCTTY', constants.O_NOCTTY],
    ['O_TRUNC', O_TRUNC],
    ['O_ASYNC', 0o20000],
    ['the access mode 3', 3],
  ];
  for (const [flag, word] of dropped) {
    for (const [form, call] of Object.entries(calls)) {
      test(`${flag} is taken (${form})`, async () => {
        const path = box.file(`taken-${form}`);
        if (await openat2IsRefused(() => call(path, { flags: word }))) return;
        await expectOutcome(() => call(path, { flags: word }), opens(`taken-${form}`));
      });
    }
  }

  for (const [form, call] of Object.entries(calls)) {
    test(`a child process does not inherit the fd (${form})`, async () => {
      if (await openat2IsRefused(() => call(executable))) return;
      await expectOutcome(
        () => call(executable),
        opens('executable'),
        undefined,
        (fd) => {
          const listed = execFileSync('sh', ['-c', 'ls -l /proc/self/fd'], { encoding: 'utf8' });
          expect(listed).not.toContain(executable);
          expect(openFds()).toContain(`${fd} -> ${executable}`);
        },
      );
    });

    test(`O_TRUNC empties the file, and nothing else does (${form})`, async () => {
      const path = box.file(`full-${form}`, 0o644, 'content');
      if (await openat2IsRefused(() => call(path, { flags: O_WRONLY }))) return;
      await expectOutcome(() => call(path, { flags: O_RDWR }), opens(`full-${form}`));
      expect(fs.readFileSync(path, 'utf8')).toBe('content');
      await expectOutcome(() => call(path, { flags: O_WRONLY | O_TRUNC }), opens(`full-${form}`));
      expect(fs.readFileSync(path, 'utf8')).toBe('');
    });
  }
});

describe('O_PATH goes with O_DIRECTORY, O_NOFOLLOW and O_CLOEXEC alone', () => {
  const cases: readonly (readonly [name: string, flags: number, mode: number, allowed: boolean])[] =
    [
      ['nothing else', 0, 0, true],
      ['O_DIRECTORY', O_DIRECTORY, 0, true],
      ['O_NOFOLLOW', O_NOFOLLOW, 0, true],
      ['O_CLOEXEC', constants.O_CLOEXEC, 0, true],
      ['all of these', O_DIRECTORY | O_NOFOLLOW | constants.O_CLOEXEC, 0, true],
      ['O_WRONLY', O_WRONLY, 0, false],
      ['O_RDWR', O_RDWR, 0, false],
      ['O_CREAT', O_CREAT, 0o600, false],
      ['O_EXCL', O_EXCL, 0, false],
      ['O_NOCTTY', constants.O_NOCTTY, 0, false],
      ['O_TRUNC', O_TRUNC, 0, false],
      ['O_APPEND', O_APPEND, 0, false],
      ['O_NONBLOCK', O_NONBLOCK, 0, false],
      ['O_SYNC', constants.O_SYNC, 0, false],
      ['O_DSYNC', constants.O_DSYNC, 0, false],
      ['O_ASYNC', 0o20000, 0, false],
      ['O_DIRECT', constants.O_DIRECT, 0, false],
      ['O_NOATIME', O_NOATIME, 0, false],
      ['O_TMPFILE', O_TMPFILE, 0, false],
      ['a mode', 0, 0o600, false],
    ];
  for (const [title, flags, mode, allowed] of cases) {
    for (const [form, call] of Object.entries(calls)) {
      test(`${title} is ${allowed ? 'taken' : 'EINVAL'} (${form})`, async () => {
        const open = () => call(box.path('tree'), { flags: O_PATH | flags, mode });
        if (await openat2IsRefused(open)) return;
        await expectOutcome(open, allowed ? opens('tree') : invalid);
      });
    }
  }
});

describe('mode', () => {
  const create = O_CREAT | O_EXCL | O_RDWR;
  const taken: readonly (readonly [
    title: string,
    mode: number | undefined,
    umask: number,
    found: number,
  ])[] = [
    ['is that of the new file', 0o640, 0, 0o640],
    ['may have every permission bit', 0o7777, 0, 0o7777],
    ['may have the set-user-ID bit', 0o4755, 0, 0o4755],
    ['may be 0', 0, 0, 0],
    ['is 0 when it is left out', undefined, 0, 0],
    ['loses what the umask forbids', 0o666, 0o027, 0o640],
  ];
  for (const [title, mode, umask, found] of taken) {
    for (const [form, call] of Object.entries(calls)) {
      test(`${title} (${form})`, async () => {
        const path = box.path('new');
        const open = () => call(path, { flags: create, ...(mode === undefined ? {} : { mode }) });
        if (await openat2IsRefused(open)) return;
        const before = process.umask(umask);
        try {
          await expectOutcome(open, opens('new'), undefined, (fd) => {
            expect(fs.fstatSync(fd).mode & 0o7777).toBe(found);
          });
        } finally {
          process.umask(before);
          fs.rmSync(path, { force: true });
        }
      });
    }
  }

  for (const [form, call] of Object.entries(calls)) {
    test(`is that of a file without a name, with O_TMPFILE (${form})`, async () => {
      const open = () => call(box.path('tree'), { flags: O_TMPFILE | O_RDWR, mode: 0o640 });
      if (await openat2IsRefused(open)) return;
      const before = process.umask(0);
      try {
        const fd = await open();
        const { mode, nlink } = fs.fstatSync(fd);
        fs.closeSync(fd);
        expect({ mode: mode & 0o7777, nlink }).toEqual({ mode: 0o640, nlink: 0 });
      } finally {
        process.umask(before);
      }
    });
  }

  const refused: readonly (readonly [title: string, flags: number, mode: number])[] = [
    ['without O_CREAT', O_RDWR, 0o600],
    ['without O_CREAT, with O_TRUNC', O_RDWR | O_TRUNC, 0o600],
    ['with O_EXCL alone', O_RDWR | O_EXCL, 0o600],
    ['with a bit above 0o7777', create, 0o10644],
    ['with the bits of a file type', create, 0o100644],
    ['of 32 bits', create, 0xffffffff],
    ['with O_TMPFILE and a bit above 0o7777', O_TMPFILE | O_RDWR, 0o10600],
  ];
  for (const [title, flags, mode] of refused) {
    for (const [form, call] of Object.entries(calls)) {
      test(`is EINVAL ${title} (${form})`, async () => {
        const path = (flags & O_TMPFILE) === O_TMPFILE ? box.path('tree') : box.file('old');
        if ((flags & O_CREAT) !== 0) fs.rmSync(path);
        const open = () => call(path, { flags, mode });
        if (await openat2IsRefused(open)) return;
        await expectOutcome(open, invalid);
        expect(fs.existsSync(path), 'nothing was created or removed').toBe((flags & O_CREAT) === 0);
      });
    }
  }
});

describe('EAGAIN under a storm of renames', () => {
  interface Storm {
    opened: number;
    renames: number;
    errors: { name: string; code: string; reason?: string }[];
    unretried: number;
  }
  /** It ends as soon as enough was seen, which a busy machine can put off. */
  const STORM_MS = 40_000;
  // On one processor a rename seldom falls into the middle of an open.
  const unretried = has('resolveCached') && availableParallelism() > 1;
  for (const form of Object.keys(calls)) {
    for (const rule of ['beneath', 'inRoot'] as const) {
      test(
        `is retried until ${rule} opens (${form})`,
        () => {
          const found = runChild<Storm>(
            `
          const { Worker } = await import('node:worker_threads');
          const shared = new Int32Array(new SharedArrayBuffer(8));
          const worker = new Worker(
            \`
            const { renameSync } = require('node:fs');
            const { workerData: { shared, from, to } } = require('node:worker_threads');
            while (Atomics.load(shared, 0) === 0) {
              renameSync(from, to);
              renameSync(to, from);
              Atomics.add(shared, 1, 1);
            }\`,
            { eval: true, execArgv: [], workerData: { shared, from: input.renamed, to: input.renamed + '-2' } },
          );
          while (Atomics.load(shared, 1) === 0) await new Promise((done) => setTimeout(done, 1));

          const dir = fs.openSync(input.dir, 'r');
          const path = 'sub/../'.repeat(8) + 'file';
          const found = { opened: 0, errors: [], unretried: 0 };
          const end = Date.now() + ${STORM_MS};
          const once = async (form, resolve) => {
            const fd = await attempt(() => mayexec[form](path, { dir, resolve }));
            if (typeof fd === 'number') fs.closeSync(fd);
            return fd;
          };
          const enough = () => found.opened >= 2000 && (found.unretried > 0 || !input.unretried);
          while (Date.now() < end && !enough() && found.errors.length === 0) {
            const opens = [1, 2, 3, 4].map(() => once('${form}', { ${rule}: true }));
            for (const fd of await Promise.all(opens)) {
              if (typeof fd === 'number') found.opened++;
              else found.errors.push(fd);
            }
            // RESOLVE_CACHED turns the retries off: it shows what they are for.
            for (let i = 0; i < 20 && input.unretried; i++) {
              const fd = await once('openat2Sync', { ${rule}: true, cached: true });
              if (fd.code === 'EAGAIN') found.unretried++;
            }
          }
          Atomics.store(shared, 0, 1);
          await new Promise((done) => worker.once('exit', done));
          fs.closeSync(dir);
          return { ...found, renames: Atomics.load(shared, 1) };`,
            {
              input: {
                dir: box.path('tree'),
                renamed: box.file(`renamed-${form}-${rule}`),
                unretried,
              },
            },
          );
          expect(found.renames).toBeGreaterThan(0);
          if (openat2Reason !== undefined) {
            expect(found.errors[0]).toMatchObject({
              name: 'UnsupportedError',
              reason: openat2Reason,
            });
            return;
          }
          expect(found.errors).toEqual([]);
          expect(found.opened).toBeGreaterThanOrEqual(100);
          if (unretried) expect(found.unretried, 'tries without a retry').toBeGreaterThan(0);
        },
        2 * STORM_MS,
      );
    }
  }
});

describe('an error of openat2', () => {
  const caught = async (call: () => Promise<number>): Promise<mayexec.SyscallError> => {
    try {
      await call();
    } catch (error) {
      return error as mayexec.SyscallError;
    }
    throw new Error('it opened');
  };

  for (const [form, call] of Object.entries(calls)) {
    test(`carries the call as it was made (${form})`, async () => {
      const dir = fs.openSync(box.path('tree'), 'r');
      try {
        const open = () =>
          call('nothing/file', {
            dir,
            flags: BigInt(O_CREAT | O_RDWR),
            mode: 0o640,
            resolve: { beneath: true, noSymlinks: true },
          });
        if (await openat2IsRefused(open)) return;
        const error = await caught(open);
        expect(error).toBeInstanceOf(mayexec.NotFoundError);
        expect(error).toBeInstanceOf(mayexec.SyscallError);
        expect(error).toBeInstanceOf(Error);
        expect(error.message).toBe("ENOENT: no such file or directory, openat2 'nothing/file'");
        expect(Object.fromEntries(Object.entries(error))).toEqual({
          code: 'ENOENT',
          errno: -2,
          syscall: 'openat2',
          path: 'nothing/file',
          dir,
          flags: BigInt(O_CREAT | O_RDWR),
          mode: 0o640,
          resolve: 0x0cn,
        });
      } finally {
        fs.closeSync(dir);
      }
    });

    const paths: readonly (readonly [title: string, path: PathLike, shown: string])[] = [
      ['a string', '/nothing', '/nothing'],
      ['a Buffer', Buffer.from('/nothing'), '/nothing'],
      ['a Uint8Array', new Uint8Array(Buffer.from('/nothing')), '/nothing'],
      ['a Buffer that is no UTF-8', Buffer.from([0x2f, 0xff]), '/\ufffd'],
      ['a file: URL', new URL('file:///noth%69ng'), '/nothing'],
    ];
    for (const [title, path, shown] of paths) {
      test(`shows ${title} as a string (${form})`, async () => {
        if (await openat2IsRefused(() => call(path))) return;
        const error = await caught(() => call(path));
        expect(error.path).toBe(shown);
        expect(error.message).toContain(`'${shown}'`);
      });
    }

    test(`has every default, where nothing was asked for (${form})`, async () => {
      if (await openat2IsRefused(() => call('/nothing'))) return;
      expect(await caught(() => call('/nothing'))).toMatchObject({
        dir: constants.AT_FDCWD,
        flags: 0n,
        mode: 0,
        resolve: 0n,
      });
    });
  }

  const awaited: Readonly<Record<string, () => Promise<unknown>>> = {
    openat2: () => openat2('/nothing'),
    openMayExec: () => mayexec.openMayExec('/nothing'),
    readMayExec: () => mayexec.readMayExec('/nothing'),
  };
  for (const [form, call] of Object.entries(awaited)) {
    test(`has a stack that names who awaited it (${form})`, async () => {
      async function theCallingFunction(): Promise<void> {
        await call();
      }
      const { stack } = await theCallingFunction().then(
        () => ({ stack: 'it opened' }),
        (error: unknown) => error as Error,
      );
      // Where vitest maps a stack to its sources, it leaves the word `async` out.
      expect(stack).toMatch(/at (async )?theCallingFunction /);
      expect(stack).toContain(basename(import.meta.url));
    });
  }
});

describe('no fd is left behind', () => {
  for (const [form, call] of Object.entries(calls)) {
    test(`after calls that opened and calls that failed (${form})`, async () => {
      const paths = ['/', '/nothing', box.path('tree/file'), box.path('tree/loop'), '', '..'];
      const all = async () => {
        for (let i = 0; i < 100; i++) {
          for (const path of paths) {
            for (const resolve of [{}, { beneath: true }]) {
              await call(path, { resolve }).then(
                (fd) => {
                  fs.closeSync(fd);
                },
                () => undefined,
              );
            }
          }
        }
      };
      await call('/nothing').catch(() => undefined);
      const before = openFds();
      await all();
      expect(openFds()).toEqual(before);
    });
  }
});
