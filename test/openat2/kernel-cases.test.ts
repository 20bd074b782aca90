/**
 * What the kernel's own selftests of openat2(2) demand
 * (tools/testing/selftests/filesystems/openat2 of Linux 7.2), through the API:
 * 25 cases of flags, modes and rules, 2 of O_EMPTYPATH, 2 of OPENAT2_REGULAR.
 * Their cases of the struct's size have no counterpart, for the API has no
 * struct. Their cases of resolve are in cases.ts, and renames in renames.test.ts.
 */
import * as fs from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';

import { constants, openat2Sync, type OpenHow } from '../../src/index.js';
import { needs, openat2IsRefused } from '../support/kernel.js';
import { fails, type Outcome } from './cases.js';
import { box, calls, expectOutcome, invalid } from './fixture.js';

const { O_CREAT, O_EMPTYPATH, O_PATH, O_RDONLY, O_RDWR, O_TMPFILE, OPENAT2_REGULAR } = constants;
/** The kernel's, on the architectures of the lab and on arm64; libc's is 0. */
const O_LARGEFILE = process.arch === 'arm64' ? 0o400000 : 0o100000;
const unknownRules = 0x1337;

describe('the 25 flag cases', () => {
  type FlagCase = readonly [title: string, how: OpenHow, taken: 'taken' | 'EINVAL'];
  const cases: readonly FlagCase[] = [
    ['O_TMPFILE with O_PATH', { flags: O_TMPFILE | O_PATH | O_RDWR }, 'EINVAL'],
    ['O_TMPFILE with O_CREAT', { flags: O_TMPFILE | O_CREAT | O_RDWR }, 'EINVAL'],

    ['O_PATH with O_CLOEXEC', { flags: O_PATH | constants.O_CLOEXEC }, 'taken'],
    ['O_PATH with O_DIRECTORY', { flags: O_PATH | constants.O_DIRECTORY }, 'taken'],
    ['O_PATH with O_NOFOLLOW', { flags: O_PATH | constants.O_NOFOLLOW }, 'taken'],
    ['O_PATH with O_RDWR', { flags: O_PATH | O_RDWR }, 'EINVAL'],
    ['O_PATH with O_CREAT', { flags: O_PATH | O_CREAT }, 'EINVAL'],
    ['O_PATH with O_EXCL', { flags: O_PATH | constants.O_EXCL }, 'EINVAL'],
    ['O_PATH with O_NOCTTY', { flags: O_PATH | constants.O_NOCTTY }, 'EINVAL'],
    ['O_PATH with O_DIRECT', { flags: O_PATH | constants.O_DIRECT }, 'EINVAL'],
    ['O_PATH with O_LARGEFILE', { flags: O_PATH | O_LARGEFILE }, 'EINVAL'],

    ['a mode with O_RDONLY', { flags: O_RDONLY, mode: 0o600 }, 'EINVAL'],
    ['a mode with O_PATH', { flags: O_PATH, mode: 0o600 }, 'EINVAL'],
    ['a mode with O_CREAT', { flags: O_CREAT, mode: 0o600 }, 'taken'],
    ['a mode with O_TMPFILE', { flags: O_TMPFILE | O_RDWR, mode: 0o600 }, 'taken'],
    ['a mode of 16 bits with O_CREAT', { flags: O_CREAT, mode: 0xffff }, 'EINVAL'],
    ['a mode of 64 bits with O_CREAT', { flags: O_CREAT, mode: 3n << 62n }, 'EINVAL'],
    ['an odd mode with O_TMPFILE', { flags: O_TMPFILE | O_RDWR, mode: 0x1337 }, 'EINVAL'],
    ['a mode of 48 bits with O_TMPFILE', { flags: O_TMPFILE | O_RDWR, mode: 5n << 45n }, 'EINVAL'],

    ['beneath with inRoot', { resolve: { beneath: true, inRoot: true } }, 'EINVAL'],
    ['unknown rules with O_RDONLY', { flags: O_RDONLY, resolve: unknownRules }, 'EINVAL'],
    ['unknown rules with O_CREAT', { flags: O_CREAT, resolve: unknownRules }, 'EINVAL'],
    [
      'unknown rules with O_TMPFILE',
      { flags: O_TMPFILE | O_RDWR, resolve: unknownRules },
      'EINVAL',
    ],
    ['unknown rules with O_PATH', { flags: O_PATH, resolve: unknownRules }, 'EINVAL'],

    ['bit 63', { flags: 1n << 63n }, 'EINVAL'],
  ];

  test('are 25', () => {
    expect(cases).toHaveLength(25);
  });

  /** What the kernel's test finds in F_GETFL and F_GETFD, as fdinfo tells it. */
  const flagsOf = (fd: number): number => {
    const info = fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
    return Number.parseInt(/^flags:\s+([0-7]+)$/m.exec(info)?.[1] ?? '', 8);
  };

  for (const [title, how, outcome] of cases) {
    for (const [form, call] of Object.entries(calls)) {
      test(`${title} is ${outcome} (${form})`, async () => {
        const flags = Number(how.flags ?? 0);
        const created = (flags & O_CREAT) !== 0;
        const path = created ? box.path('created') : box.directory('directory');
        fs.rmSync(box.path('created'), { force: true });
        const open = () => call(path, how);
        // Bits that nobody knows are refused before the call.
        const unknown = how.resolve === unknownRules || how.flags === 1n << 63n;
        if (!unknown && (await openat2IsRefused(open))) return;
        if (outcome === 'EINVAL') {
          await expectOutcome(open, invalid);
          expect(fs.existsSync(box.path('created')), 'nothing was created').toBe(false);
          return;
        }
        const fd = await open();
        const found = flagsOf(fd);
        fs.closeSync(fd);
        // O_CREAT is not kept, O_CLOEXEC is always added, O_LARGEFILE is the system's own.
        expect((found | (flags & O_CREAT)) & ~O_LARGEFILE).toBe(flags | constants.O_CLOEXEC);
      });
    }
  }
});

describe('the 2 cases of O_EMPTYPATH', () => {
  const file = box.file('reopened', 0o700);
  const fd = fs.openSync(file, O_PATH);
  afterAll(() => {
    fs.closeSync(fd);
  });

  for (const [form, call] of Object.entries(calls)) {
    test(`an empty path without it is ENOENT (${form})`, async () => {
      const open = () => call('', { dir: fd });
      if (await openat2IsRefused(open)) return;
      await expectOutcome(open, fails('NotFoundError', 'ENOENT'));
    });

    needs('emptyPath')(`it opens an O_PATH fd again (${form})`, async () => {
      const reopened = await call('', { flags: O_EMPTYPATH, dir: fd });
      try {
        expect(fs.readFileSync(reopened, 'utf8')).toBe('reopened');
      } finally {
        fs.closeSync(reopened);
      }
    });
  }
});

describe('the 2 cases of OPENAT2_REGULAR', () => {
  for (const [form, call] of Object.entries(calls)) {
    needs('regular')(`a device is EFTYPE (${form})`, async () => {
      const outcome: Outcome = fails('FileTypeError', 'EFTYPE');
      await expectOutcome(() => call('/dev/null', { flags: OPENAT2_REGULAR }), outcome);
    });
  }

  test('open(2) takes no notice of bit 30, which means it inside the kernel', () => {
    const fd = fs.openSync('/dev/null', O_RDONLY | (1 << 30));
    expect(fs.fstatSync(fd).isCharacterDevice()).toBe(true);
    fs.closeSync(fd);
  });

  test('openat2(2) has no bit 30 to give: it is EINVAL', async () => {
    const open = () => openat2Sync('/dev/null', { flags: 1 << 30 });
    await expectOutcome(async () => Promise.resolve(open()), invalid);
  });
});
