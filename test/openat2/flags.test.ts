import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';

import { constants, openat2, type OpenHow } from '../../src/index.js';
import { has, openat2IsRefused } from '../support/kernel.js';
import { openFds } from '../support/sandbox.js';
import { fails, opens, type Outcome } from './cases.js';
import { box, calls, expectOutcome, fds, invalid } from './fixture.js';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_PATH, O_RDONLY, O_RDWR, O_TMPFILE, O_TRUNC, O_WRONLY } =
  constants;
const { O_APPEND, O_NOATIME, O_NOFOLLOW, O_NONBLOCK } = constants;

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

  test('open(2) drops O_MAYEXEC in silence, and opens what may not be executed', () => {
    const fd = fs.openSync(box.file('not-executable', 0o644), O_RDONLY | constants.O_MAYEXEC);
    const found = fdFlags(fd);
    fs.closeSync(fd);
    expect(found & constants.O_MAYEXEC).toBe(0);
  });

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
