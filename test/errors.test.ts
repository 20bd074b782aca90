import { existsSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';

import { describeErrno } from '../src/errno.js';
import * as errors from '../src/errors.js';
import {
  ExecDeniedError,
  FileBusyError,
  FileTypeError,
  InvalidArgumentError,
  NotFoundError,
  PathEscapeError,
  PermissionError,
  ResourceError,
  RetryError,
  SymlinkError,
  SyscallError,
  syscallError,
  UnsupportedError,
} from '../src/errors.js';
import { constants } from '../src/constants.js';

/** Number to names, from the kernel's own headers: the oracle of this file. */
const headers: ReadonlyMap<number, readonly string[]> = (() => {
  const numbers = new Map<string, number>();
  const names = new Map<number, string[]>();
  for (const file of ['errno-base.h', 'errno.h']) {
    const path = `/usr/include/asm-generic/${file}`;
    if (!existsSync(path))
      throw new Error(`${path}: install the kernel's headers (linux-libc-dev)`);
    const definition = /^#define\s+(E\w+)\s+(\w+)/gm;
    for (const [, name = '', value = ''] of readFileSync(path, 'utf8').matchAll(definition)) {
      const number = numbers.get(value) ?? Number(value);
      numbers.set(name, number);
      names.set(number, [...(names.get(number) ?? []), name]);
    }
  }
  // The C library's second name, which is the one that libuv uses.
  names.get(95)?.push('ENOTSUP');
  return names;
})();

const LAST = 133;
const EFTYPE = 134;
const unassigned = new Set([41, 58]);

/** The table of design.md, "Errors"; every other errno is a plain SyscallError. */
const classes: Readonly<Record<string, typeof SyscallError>> = {
  EPERM: PermissionError,
  ENOENT: NotFoundError,
  ENXIO: FileTypeError,
  E2BIG: InvalidArgumentError,
  EBADF: InvalidArgumentError,
  EAGAIN: RetryError,
  ENOMEM: ResourceError,
  EACCES: PermissionError,
  ENOTDIR: NotFoundError,
  EISDIR: FileTypeError,
  EINVAL: InvalidArgumentError,
  ENFILE: ResourceError,
  EMFILE: ResourceError,
  ETXTBSY: FileBusyError,
  ENAMETOOLONG: InvalidArgumentError,
  ELOOP: SymlinkError,
  EFTYPE: FileTypeError,
};

describe('an errno has the name of the system headers', () => {
  test(`the headers name every errno from 1 to ${LAST} but 41 and 58`, () => {
    const numbers = Array.from({ length: LAST }, (_, i) => i + 1);
    expect(numbers.filter((number) => !headers.has(number))).toEqual([...unassigned]);
  });

  for (const [number, names] of [...headers].sort(([a], [b]) => a - b)) {
    test(`${number} is ${names.join(' or ')}`, () => {
      const { code, text } = describeErrno(-number);
      expect(names).toContain(code);
      expect(text).not.toBe('');
      expect(text, 'a text for people, not the name again').not.toBe(code);
      expect(text).not.toBe('unknown error');
    });
  }

  test(`${EFTYPE} is EFTYPE, which no header has yet`, () => {
    expect(describeErrno(-EFTYPE)).toEqual({ code: 'EFTYPE', text: 'wrong file type' });
  });

  for (const number of [...unassigned, 135, 4095]) {
    test(`${number}, which nobody has assigned, is E${number}`, () => {
      expect(describeErrno(-number)).toEqual({ code: `E${number}`, text: 'unknown error' });
    });
  }
});

describe('an errno has its class', () => {
  for (let number = 1; number <= EFTYPE; number++) {
    const { code } = describeErrno(-number);
    const type = classes[code] ?? SyscallError;
    test(`${code} gives ${type.name}`, () => {
      const error = syscallError(-number, 'openat2', { path: '/a' });
      expect(error.constructor).toBe(type);
      expect(error.name).toBe(type.name);
      expect(error).toBeInstanceOf(SyscallError);
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ code, errno: -number, syscall: 'openat2', path: '/a' });
    });
  }

  const escapes: readonly [resolve: string, bits: number | undefined, escape: boolean][] = [
    ['RESOLVE_BENEATH', constants.RESOLVE_BENEATH, true],
    ['RESOLVE_IN_ROOT', constants.RESOLVE_IN_ROOT, true],
    ['RESOLVE_NO_XDEV', constants.RESOLVE_NO_XDEV, true],
    [
      'RESOLVE_BENEATH among others',
      constants.RESOLVE_BENEATH | constants.RESOLVE_NO_SYMLINKS | constants.RESOLVE_CACHED,
      true,
    ],
    ['RESOLVE_NO_SYMLINKS', constants.RESOLVE_NO_SYMLINKS, false],
    ['RESOLVE_NO_MAGICLINKS', constants.RESOLVE_NO_MAGICLINKS, false],
    ['RESOLVE_CACHED', constants.RESOLVE_CACHED, false],
    ['no flag', 0, false],
    ['no resolve at all', undefined, false],
  ];
  for (const [title, bits, escape] of escapes) {
    const type = escape ? PathEscapeError : SyscallError;
    test(`EXDEV under ${title} gives ${type.name}`, () => {
      const resolve = bits === undefined ? undefined : BigInt(bits);
      expect(syscallError(-18, 'openat2', { resolve }).constructor).toBe(type);
    });
  }

  test('every class of the module is one of the table, ExecDeniedError or UnsupportedError', () => {
    const exported = Object.values<unknown>(errors).filter(
      (value) => typeof value === 'function' && value.prototype instanceof Error,
    );
    const known = [
      ...Object.values(classes),
      SyscallError,
      PathEscapeError,
      ExecDeniedError,
      UnsupportedError,
    ];
    expect(new Set(exported)).toEqual(new Set(known));
  });
});

describe('a SyscallError reads as an error of Node', () => {
  const messages: readonly [title: string, message: string, error: () => Error][] = [
    [
      'with a path',
      "ENOENT: no such file or directory, openat2 '/a b'",
      () => syscallError(-2, 'openat2', { path: '/a b', fd: 3 }),
    ],
    [
      'with an fd alone',
      'EBADF: bad file descriptor, execveat fd 0',
      () => syscallError(-9, 'execveat', { fd: 0 }),
    ],
    ['with neither', 'EPERM: operation not permitted, prctl', () => syscallError(-1, 'prctl', {})],
    [
      'with the empty path',
      "ENOENT: no such file or directory, openat2 ''",
      () => syscallError(-2, 'openat2', { path: '' }),
    ],
    [
      'of a check of what is open for writing, which adds what to do',
      "ETXTBSY: text file is busy, execveat '/a': a process has it open for writing. Save by writing a new file and renaming it to this name",
      () => syscallError(-26, 'execveat', { path: '/a' }),
    ],
    [
      'of writing what is being run, which adds what to do',
      "ETXTBSY: text file is busy, openat2 '/a': a program runs it or a check is under way. Write a new file and rename it to this name",
      () => syscallError(-26, 'openat2', { path: '/a' }),
    ],
    [
      'of a file that is too large to be read at once, which adds what to do',
      "EFBIG: file too large, read '/a': it has 2 GiB or more, or more text than a string can have. A stream reads it in pieces",
      () => syscallError(-27, 'read', { path: '/a' }),
    ],
    [
      'of an fd that another thread has exchanged, which adds what to do',
      "EBADFD: file descriptor in bad state, openat2 '/a': while it was checked and read, another thread closed its fd or put another file under the number. Look for code that closes an fd twice",
      () => syscallError(-77, 'openat2', { path: '/a' }),
    ],
    ['of an unknown errno', 'E4095: unknown error, read', () => syscallError(-4095, 'read', {})],
    [
      'of a denial, which adds what to do',
      "EACCES: permission denied, execveat '/a': run chmod +x on it",
      () =>
        new ExecDeniedError(
          -13,
          'execveat',
          { path: '/a' },
          { allowed: false, binding: true, mechanism: 'at_execve_check' },
          'run chmod +x on it',
        ),
    ],
  ];
  for (const [title, message, error] of messages) {
    test(title, () => {
      expect(error().message).toBe(message);
    });
  }

  test('every argument that was passed is a field, and no other is there', () => {
    const args = { path: '/a', dir: 5, flags: 1n << 32n, mode: 0o644, resolve: 8n };
    const error = syscallError(-22, 'openat2', args);
    expect(Object.fromEntries(Object.entries(error))).toEqual({
      code: 'EINVAL',
      errno: -22,
      syscall: 'openat2',
      ...args,
    });
    expect(Object.keys(syscallError(-22, 'prctl', { path: undefined }))).toEqual([
      'code',
      'errno',
      'syscall',
    ]);
  });

  test('its name is no field, but the stack and inspect show it', () => {
    const error = syscallError(-2, 'openat2', { path: '/a' });
    expect(Object.keys(error)).not.toContain('name');
    expect(String(error)).toBe(`NotFoundError: ${error.message}`);
    expect(error.stack).toMatch(/^NotFoundError: ENOENT/);
    expect(inspect(error)).toMatch(/^NotFoundError: ENOENT.*code: 'ENOENT'/s);
  });

  test('has its fields to itself where a prototype has setters of their names', () => {
    const names = ['code', 'errno', 'syscall', 'path', 'dir', 'flags', 'mode', 'resolve'];
    const args = { path: '/a', dir: 3, flags: 1, mode: 0, resolve: 8 };
    const heard: unknown[] = [];
    const set = (value: unknown): void => void heard.push(value);
    for (const name of names) {
      Object.defineProperty(Object.prototype, name, { set, configurable: true });
    }
    const error = syscallError(-2, 'openat2', args);
    for (const name of names) Reflect.deleteProperty(Object.prototype, name);
    expect(heard).toEqual([]);
    expect(error).toMatchObject({ code: 'ENOENT', ...args, flags: 1n, resolve: 8n });
  });

  test('a denial carries its verdict and is told apart from a PermissionError', () => {
    const verdict = {
      allowed: false,
      binding: true,
      mechanism: 'at_execve_check',
      errno: 'EACCES',
      reason: 'mode',
    } as const;
    const error = new ExecDeniedError(-13, 'execveat', { path: '/a' }, verdict, 'advice');
    expect(error.verdict).toBe(verdict);
    expect(error).toBeInstanceOf(SyscallError);
    expect(error).not.toBeInstanceOf(PermissionError);
    expect(error).toMatchObject({ name: 'ExecDeniedError', code: 'EACCES', errno: -13 });
  });
});

describe('an UnsupportedError says whose fault it is', () => {
  for (const reason of ['platform', 'kernel', 'filtered', 'addon'] as const) {
    test(`reason ${reason}`, () => {
      const cause = new Error('the cause');
      const error = new UnsupportedError(reason, 'the message', { cause });
      expect(error).toMatchObject({
        name: 'UnsupportedError',
        code: 'ERR_MAYEXEC_UNSUPPORTED',
        reason,
        message: 'the message',
        cause,
      });
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(SyscallError);
    });
  }

  test('without a cause it has none', () => {
    expect(new UnsupportedError('kernel', 'the message')).not.toHaveProperty('cause');
  });
});

test('a SyscallError can be logged as JSON, with its 64-bit arguments in hexadecimal', () => {
  const error = syscallError(-2, 'openat2', { path: '/a', dir: 3, flags: 1n << 32n, resolve: 8n });
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'NotFoundError',
    message: "ENOENT: no such file or directory, openat2 '/a'",
    code: 'ENOENT',
    errno: -2,
    syscall: 'openat2',
    path: '/a',
    dir: 3,
    flags: '0x100000000',
    resolve: '0x8',
  });
});

describe('a field that the program has put on a prototype', () => {
  const args = { path: '/f', candidates: ['/f'], fd: 3, dir: 4, flags: 5, mode: 6, resolve: 7 };
  const expected = { ...args, code: 'ENOENT', errno: -2, syscall: 'open', flags: 5n, resolve: 7n };
  for (const [name, value] of Object.entries(expected)) {
    test(`does not get the ${name} of an error`, () => {
      const taken: unknown[] = [];
      Object.defineProperty(Object.prototype, name, {
        configurable: true,
        get: () => 'of the program',
        set: (given) => taken.push(given),
      });
      let error: SyscallError;
      try {
        error = syscallError(-2, 'open', args);
      } finally {
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
        delete (Object.prototype as unknown as Record<string, unknown>)[name];
      }
      expect(taken).toEqual([]);
      expect(Object.getOwnPropertyDescriptor(error, name)).toEqual({
        ...{ value, enumerable: true, writable: true, configurable: true },
      });
    });
  }
});

test('an error carries the candidates and the fd that the call was given', () => {
  const { candidates, fd } = syscallError(-2, 'open', { candidates: ['/a', '/b'], fd: 3 });
  expect({ candidates, fd }).toEqual({ candidates: ['/a', '/b'], fd: 3 });
});

describe('instanceof', () => {
  test('knows an error of another copy of the module by its class, and no other class', () => {
    const other = Object.create(
      { [Symbol.for('mayexec.NotFoundError')]: true },
      { message: { value: 'of another copy' } },
    ) as unknown;
    expect(other).toBeInstanceOf(NotFoundError);
    expect(other instanceof FileTypeError).toBe(false);
    expect((null as unknown) instanceof NotFoundError).toBe(false);
  });

  test('of a class derived from one knows only its own errors', () => {
    class Own extends NotFoundError {}
    expect(syscallError(-2, 'open', {}) instanceof Own).toBe(false);
    expect(new Own(-2, 'open', {})).toBeInstanceOf(Own);
  });
});
