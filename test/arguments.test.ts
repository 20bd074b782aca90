import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import * as fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, test } from 'vitest';

import * as mayexec from '../src/index.js';
import { needs, openat2IsRefused } from './support/kernel.js';
import { openFds, sandbox } from './support/sandbox.js';

const { constants } = mayexec;
const box = sandbox();
const file = box.file('file', 0o755, 'content');
const fd = fs.openSync(file, 'r');
afterAll(() => {
  fs.closeSync(fd);
});

interface Mistake {
  name: string;
  code: unknown;
  message: string;
}

/** What a call throws or rejects with, as far as it is compared. */
async function mistake(call: () => unknown): Promise<Mistake> {
  try {
    await call();
  } catch (error) {
    const { name, code, message } = error as NodeJS.ErrnoException;
    return { name, code, message };
  }
  throw new Error('the call took the argument');
}

/**
 * Values as a title and the value. Node words these alike in all of its
 * versions, in JavaScript and in C++.
 */
const notNumbers: readonly [title: string, value: unknown][] = [
  ['null', null],
  ["'1'", '1'],
  ['true', true],
  ['{}', {}],
  ['[]', []],
  ['a Date', new Date(0)],
];
/** These it does not word alike (or it aborts on them), so code and name count alone. */
const oddities: readonly [title: string, value: unknown][] = [
  ['a symbol', Symbol('odd')],
  ['an anonymous function', () => 1],
  ['a named function', mistake],
  ['an object without a prototype', Object.create(null)],
];
const notIntegers: readonly [title: string, value: number][] = [
  ['1.5', 1.5],
  ['NaN', NaN],
  ['Infinity', Infinity],
];

/** A public function, with a path or an fd and with options that may be wrong. */
type Call = (subject: unknown, options?: object) => unknown;
type Calls<Name extends string = string> = Readonly<Record<Name, Call>>;
const opens: Calls<'openMayExec' | 'openMayExecSync' | 'readMayExec' | 'readMayExecSync'> = {
  openMayExec: (path, options) => mayexec.openMayExec(path as string, options),
  openMayExecSync: (path, options) => mayexec.openMayExecSync(path as string, options),
  readMayExec: (path, options) => mayexec.readMayExec(path as string, options),
  readMayExecSync: (path, options) => mayexec.readMayExecSync(path as string, options),
};
const openat2s: Calls<'openat2' | 'openat2Sync'> = {
  openat2: (path, how) => mayexec.openat2(path as string, how),
  openat2Sync: (path, how) => mayexec.openat2Sync(path as string, how),
};
const checks: Calls<'checkExec' | 'checkExecSync' | 'checkInteractive({ fd })'> = {
  checkExec: (fd, options) => mayexec.checkExec(fd as number, options),
  checkExecSync: (fd, options) => mayexec.checkExecSync(fd as number, options),
  'checkInteractive({ fd })': (fd, options) =>
    mayexec.checkInteractive({ ...options, fd: fd as number }),
};

/** One family of mistakes: the calls that refuse each value as the oracle of node:fs does. */
function agree(
  calls: Readonly<Record<string, (value: unknown) => unknown>>,
  bad: readonly (readonly [title: string, value: unknown])[],
  oracle: (value: unknown) => unknown,
  rename: (message: string) => string = (message) => message,
): void {
  for (const [name, call] of Object.entries(calls)) {
    for (const [title, value] of bad) {
      test(`${name} refuses ${title}`, async () => {
        const { message, ...rest } = await mistake(() => oracle(value));
        expect(await mistake(() => call(value))).toEqual({ ...rest, message: rename(message) });
      });
    }
  }
}

/** The same for values on which node:fs is no oracle. */
function refuse(
  calls: Readonly<Record<string, (value: unknown) => unknown>>,
  bad: readonly (readonly [title: string, value: unknown])[],
  name: 'TypeError' | 'RangeError',
  code: string,
  message: RegExp,
): void {
  for (const [callName, call] of Object.entries(calls)) {
    for (const [title, value] of bad) {
      test(`${callName} refuses ${title}`, async () => {
        expect(await mistake(() => call(value))).toEqual({
          name,
          code,
          message: expect.stringMatching(message) as string,
        });
      });
    }
  }
}

/** Calls that put the value under a key of their options. */
function option(key: string, calls: Calls, more: object = {}) {
  return Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [
      `${name} with ${key}`,
      (value: unknown) => call(file, { ...more, [key]: value }),
    ]),
  );
}

describe('a path is refused as fs.openSync refuses it', () => {
  const bad: readonly [title: string, value: unknown][] = [
    ['undefined', undefined],
    ['null', null],
    ['a number', 5],
    ['a bigint', 5n],
    ['true', true],
    ['{}', {}],
    ['[]', []],
    ['a symbol', Symbol('odd')],
    ['a function', mistake],
    ['an ArrayBuffer', new ArrayBuffer(4)],
    ['a DataView', new DataView(new ArrayBuffer(4))],
    ['a Uint16Array', new Uint16Array([47])],
    ['a Date', new Date(0)],
    ['a String object', Object('/etc/hosts')],
    ['a NUL in the middle', `${file}\0.txt`],
    ['a NUL at the end', `${file}\0`],
    ['a NUL alone', '\0'],
    ['a Buffer with a NUL', Buffer.from(`${file}\0.txt`)],
    ['a Uint8Array with a NUL', new Uint8Array([47, 0])],
    ['an http: URL', new URL('http://localhost/file')],
    ['a file: URL of another host', new URL('file://elsewhere/file')],
    ['a file: URL with an encoded slash', new URL('file:///a%2fb')],
    ['a file: URL with an encoded NUL', new URL('file:///a%00b')],
  ];
  agree({ ...opens, ...openat2s }, bad, (value) => fs.openSync(value as string, 'r'));
});

/** The library that is compiled for is older. */
const Resizable = ArrayBuffer as unknown as new (
  length: number,
  options: { maxByteLength: number },
) => ArrayBuffer & { resize: (length: number) => void };

describe('a path whose bytes cannot be looked at is refused before anything is opened', () => {
  const given = new Uint8Array(Buffer.from(file));
  structuredClone(given.buffer, { transfer: [given.buffer] });
  const resizable = new Resizable(file.length, { maxByteLength: file.length });
  const outside = new Uint8Array(resizable, 1, file.length - 1);
  resizable.resize(1);
  for (const [title, path] of Object.entries({ 'given away': given, 'out of bounds': outside })) {
    test(title, () => {
      for (const open of [mayexec.openat2Sync, mayexec.openMayExecSync, mayexec.readMayExecSync]) {
        expect(() => void open(path)).toThrow(
          expect.objectContaining({
            name: 'TypeError',
            code: 'ERR_INVALID_ARG_VALUE',
            message: expect.stringContaining('must not be detached or out of bounds') as string,
          }) as Error,
        );
      }
    });
  }
});

describe('a path is taken as fs.openSync takes it', () => {
  /** As jest and jsdom have them: of another realm, or of a library. */
  const foreignBytes = runInNewContext('new Uint8Array(bytes)', {
    bytes: [...Buffer.from(file)],
  }) as Uint8Array;
  const { href, protocol, hostname, pathname } = pathToFileURL(file);
  const odd = box.path(Buffer.from([0xe4]).toString('latin1'));
  fs.writeFileSync(Buffer.from(odd, 'latin1'), '');

  const good: readonly [title: string, value: unknown][] = [
    ['a string', file],
    ['a relative string', fs.existsSync('package.json') ? 'package.json' : '.'],
    ['a Buffer', Buffer.from(file)],
    ['a Buffer that is no UTF-8', Buffer.from(odd, 'latin1')],
    ['a Buffer within a larger one', Buffer.from(`xx${file}xx`).subarray(2, -2)],
    ['a Uint8Array', new Uint8Array(Buffer.from(file))],
    ['a Uint8Array of another realm', foreignBytes],
    ['a file: URL', pathToFileURL(file)],
    ['a file: URL of a URL library', { href, protocol, hostname, pathname }],
  ];
  for (const [title, value] of good) {
    test(title, async () => {
      const oracle = fs.openSync(value as string, 'r');
      try {
        const open = () => mayexec.openat2Sync(value as string);
        if (await openat2IsRefused(open)) return;
        const opened = open();
        expect(fs.fstatSync(opened).ino).toBe(fs.fstatSync(oracle).ino);
        fs.closeSync(opened);
      } finally {
        fs.closeSync(oracle);
      }
    });
  }

  test('a missing file by a Uint8Array of another realm is a SyscallError of openat2', async () => {
    const missing = runInNewContext('new Uint8Array(bytes)', {
      bytes: [...Buffer.from(box.path('missing'))],
    }) as Uint8Array;
    const open = () => mayexec.openat2Sync(missing);
    if (await openat2IsRefused(open)) return;
    expect(open).toThrow(mayexec.NotFoundError);
  });
});

describe('an fd is refused as fs.fchmodSync refuses it', () => {
  const bad: readonly [title: string, value: unknown][] = [
    ...notNumbers,
    ...notIntegers,
    ['-1', -1],
    ['2 ** 31', 2 ** 31],
  ];
  const oracle = (value: unknown) => {
    fs.fchmodSync(value as number, 0o644);
  };
  const { 'checkInteractive({ fd })': interactive, ...others } = checks;
  agree(checks, bad, oracle);
  agree(others, [['undefined', undefined]], oracle);
  refuse(checks, [...oddities, ['a bigint', 0n]], 'TypeError', 'ERR_INVALID_ARG_TYPE', /"fd"/);
  refuse(checks, [['2 ** 40', 2 ** 40]], 'RangeError', 'ERR_OUT_OF_RANGE', /"fd"/);

  test.each([
    ['no string', 7, 'ERR_INVALID_ARG_TYPE'],
    ['an empty string', '', 'ERR_INVALID_ARG_VALUE'],
    ['a line that would end the record', 'eval\n', 'ERR_INVALID_ARG_VALUE'],
    ['more than 64 characters', 'e'.repeat(65), 'ERR_INVALID_ARG_VALUE'],
    ['what is not ASCII', 'é', 'ERR_INVALID_ARG_VALUE'],
  ])('checkInteractive refuses an origin that is %s', (_, origin, code) => {
    const call = (): unknown => mayexec.checkInteractive({ origin: origin as string });
    expect(call).toThrow(TypeError);
    expect(call).toThrow(expect.objectContaining({ code }));
  });

  needs('prctl')('checkInteractive takes undefined for no fd', () => {
    expect(interactive).toBeTypeOf('function');
    expect(mayexec.checkInteractive({ fd: undefined as unknown as number })).toMatchObject({
      binding: false,
    });
  });
});

describe('dir is refused as fs.fchmodSync refuses an fd', () => {
  const calls = option('dir', { ...opens, ...openat2s });
  const bad: readonly [title: string, value: unknown][] = [
    ...notNumbers,
    ...notIntegers,
    ['-1', -1],
    ['2 ** 31', 2 ** 31],
  ];
  agree(
    calls,
    bad,
    (value) => {
      fs.fchmodSync(value as number, 0o644);
    },
    (message) => message.replace('"fd"', '"dir"'),
  );
  refuse(calls, [...oddities, ['a bigint', 0n]], 'TypeError', 'ERR_INVALID_ARG_TYPE', /"dir"/);
});

describe('mode is refused as fs.openSync refuses it', () => {
  const calls = option('mode', openat2s, { flags: constants.O_CREAT });
  const bad: readonly [title: string, value: unknown][] = [
    ...notNumbers.filter(([, value]) => typeof value === 'object' && value !== null),
    ['true', true],
    ...notIntegers,
    ...oddities,
    ['-1', -1],
    ['2 ** 33', 2 ** 33],
  ];
  agree(calls, bad, (value) => fs.openSync(file, 'r', value as number));
  // node:fs parses octal strings; here there is one way to say a mode.
  refuse(
    calls,
    [
      ["'0644'", '0644'],
      ['null', null],
    ],
    'TypeError',
    'ERR_INVALID_ARG_TYPE',
    /^The "mode" argument must be of type number\. Received /,
  );
  refuse(
    calls,
    [
      ['-1n', -1n],
      ['2n ** 64n', 2n ** 64n],
    ],
    'RangeError',
    'ERR_OUT_OF_RANGE',
    /^The value of "mode" is out of range\. It must be >= 0 && < 2 \*\* 64\. Received /,
  );
});

describe('flags and resolve are 64-bit', () => {
  const calls = { ...option('flags', openat2s), ...option('resolve', openat2s) };
  agree(option('flags', openat2s), notIntegers, (value) => fs.openSync(file, value as number));
  refuse(
    calls,
    [
      ['null', null],
      ['a string', 'r'],
      ['true', true],
      ['a symbol', Symbol('odd')],
      ['a function', mistake],
    ],
    'TypeError',
    'ERR_INVALID_ARG_TYPE',
    /^The "(flags|resolve)" argument must be of type number or bigint\. Received /,
  );
  refuse(
    calls,
    [
      ['-1', -1],
      ['1.5', 1.5],
      ['2 ** 53, which is no safe integer', 2 ** 53],
      ['-1n', -1n],
      ['2n ** 64n', 2n ** 64n],
    ],
    'RangeError',
    'ERR_OUT_OF_RANGE',
    /^The value of "(flags|resolve)" is out of range\. It must be /,
  );

  test('a value out of range is shown as Node shows it', async () => {
    const oracle = await mistake(() => fs.createReadStream(file, { start: 2 ** 60 }));
    const { message } = await mistake(() => mayexec.openat2Sync(file, { flags: 2 ** 60 }));
    expect(message.replace(/.*Received/, '')).toBe(oracle.message.replace(/.*Received/, ''));
  });
});

describe('resolve by name', () => {
  const calls = option('resolve', { ...opens, ...openat2s });
  refuse(
    calls,
    [
      ['a name that is none', { beneth: true }],
      ['the name of a method of every object', { toString: true }],
      ['an array', [constants.RESOLVE_BENEATH]],
    ],
    'TypeError',
    'ERR_INVALID_ARG_VALUE',
    /^The property 'resolve\.\w+' must be one of beneath, inRoot, noSymlinks, noMagiclinks, noXdev, cached\. Received /,
  );
  for (const name of ['beneath', 'inRoot', 'noSymlinks', 'noMagiclinks', 'noXdev', 'cached']) {
    agree(
      option('resolve', openat2s),
      [
        [`{ ${name}: 1 }`, { [name]: 1 }],
        [`{ ${name}: null }`, { [name]: null }],
      ],
      (value) => {
        fs.cpSync(file, file, { dereference: (value as Record<string, boolean>)[name] });
      },
      (message) => message.replace('options.dereference', `resolve.${name}`),
    );
  }

  test('a protection that an object inherits is not lost', async () => {
    const open = () =>
      mayexec.openat2Sync('/', { resolve: Object.create({ beneath: true }) as object });
    if (await openat2IsRefused(open)) return;
    expect(open).toThrow(mayexec.PathEscapeError);
  });
});

describe('options that are no object are refused as fs.cpSync refuses them', () => {
  const bad: readonly [title: string, value: unknown][] = [
    ['null', null],
    ['a number', 5],
    ['a string', 'utf8'],
    ['a long string', 'a'.repeat(40)],
    ['true', true],
    ['an array', []],
    ['a named function', mistake],
  ];
  const last = (calls: Calls, first: unknown) =>
    Object.fromEntries(
      Object.entries(calls).map(([name, call]) => [
        name,
        (value: unknown) => call(first, value as object),
      ]),
    );
  const { checkExec, checkExecSync } = checks;
  const oracle = (value: unknown) => {
    fs.cpSync(file, file, value as object);
  };
  const { readMayExec, readMayExecSync, ...others } = opens;
  agree(last(others, file), bad, oracle);
  // As for fs.readFile, an encoding may stand alone, and null is none.
  const noReadOptions = bad.filter(([, value]) => typeof value !== 'string' && value !== null);
  agree(last({ readMayExec, readMayExecSync }, file), noReadOptions, oracle);
  agree(last({ checkExec, checkExecSync }, fd), bad, oracle);
  agree({ checkInteractive: (value) => mayexec.checkInteractive(value as object) }, bad, oracle);
  agree(last(openat2s, file), bad, oracle, (message) => message.replace('"options"', '"how"'));
  agree(
    {
      setSecurebits: (value) => {
        mayexec.setSecurebits(value as object);
      },
    },
    [...bad],
    oracle,
    (message) => message.replace('"options"', '"bits"'),
  );
});

describe('options that must be true or false are refused as those of fs.cpSync are', () => {
  const bad: readonly [title: string, value: unknown][] = [
    ['1', 1],
    ["'true'", 'true'],
    ['null', null],
    ['{}', {}],
  ];
  const oracle = (value: unknown) => {
    fs.cpSync(file, file, { dereference: value as boolean });
  };
  const onFd = (key: string, calls: Calls) =>
    Object.fromEntries(
      Object.entries(calls).map(([name, call]) => [
        `${name} with ${key}`,
        (value: unknown) => call(fd, { [key]: value }),
      ]),
    );
  const { checkExec, checkExecSync } = checks;
  const rename = (name: string) => (message: string) =>
    message.replace('options.dereference', name);

  agree(option('enforce', opens), bad, oracle, rename('options.enforce'));
  agree(option('emulate', opens), bad, oracle, rename('options.emulate'));
  agree(onFd('enforce', checks), bad, oracle, rename('options.enforce'));
  agree(onFd('emulate', { checkExec, checkExecSync }), bad, oracle, rename('options.emulate'));
  for (const bit of [
    'restrictFile',
    'restrictFileLocked',
    'denyInteractive',
    'denyInteractiveLocked',
  ]) {
    agree(
      {
        [`setSecurebits with ${bit}`]: (value) => {
          mayexec.setSecurebits({ [bit]: value });
        },
      },
      bad,
      oracle,
      rename(`bits.${bit}`),
    );
  }
  refuse(
    {
      setSecurebits: (value) => {
        mayexec.setSecurebits(value as object);
      },
    },
    [
      ['a name that is none', { restrictFiles: true }],
      ['the name of a method of every object', { toString: true }],
    ],
    'TypeError',
    'ERR_INVALID_ARG_VALUE',
    /^The property 'bits\.\w+' must be one of restrictFile, restrictFileLocked, denyInteractive, denyInteractiveLocked\. Received true$/,
  );
});

describe('signal and encoding are refused as those of fs.readFile are', () => {
  const { openMayExec, readMayExec, readMayExecSync } = opens;
  const promises = { openMayExec, readMayExec };
  agree(
    option('signal', promises),
    [
      ['a number', 1],
      ['a string', 'signal'],
      ['null', null],
      ['{}', {}],
      ['an AbortController', new AbortController()],
    ],
    (value) => fs.promises.readFile(file, { signal: value as AbortSignal }),
  );
  agree(
    option('encoding', { readMayExec, readMayExecSync }),
    [
      ['a name that is none', 'utf-9'],
      ['a number', 5],
      ['true', true],
      ['a very long name', 'x'.repeat(200)],
    ],
    (value) => fs.readFileSync(file, { encoding: value as BufferEncoding }),
  );

  for (const [name, call] of Object.entries(option('signal', promises))) {
    test(`${name} aborted rejects as fs.promises.readFile does`, async () => {
      const signal = AbortSignal.abort(new Error('the reason'));
      const caught = async (abort: () => unknown) => {
        try {
          await abort();
        } catch (error) {
          return error as Error;
        }
        throw new Error('nothing was aborted');
      };
      const oracle = await caught(() => fs.promises.readFile(file, { signal }));
      const error = await caught(() => call(signal));
      expect(error).toMatchObject({
        name: oracle.name,
        message: oracle.message,
        code: 'ABORT_ERR',
      });
      expect(error.cause).toBe(signal.reason);
    });
  }
});

describe('nothing is touched when an argument is bad', () => {
  const created = box.path('created');
  const mistakes: readonly [title: string, call: () => unknown][] = [
    ...Object.entries<Call>(openat2s).flatMap(([name, call]) => {
      const flags = constants.O_CREAT | constants.O_WRONLY;
      const truncate = constants.O_TRUNC | constants.O_WRONLY;
      return [
        [`${name} with a bad mode`, () => call(created, { flags, mode: 1.5 })],
        [`${name} with a bad resolve`, () => call(created, { flags, mode: 0o600, resolve: 'x' })],
        [`${name} with a bad dir`, () => call(created, { flags, mode: 0o600, dir: -1 })],
        [
          `${name} with an unknown name`,
          () => call(file, { flags: truncate, resolve: { x: true } }),
        ],
        [`${name} with bad flags`, () => call(file, { flags: '577' })],
        [`${name} with a NUL`, () => call(`${created}\0`, { flags, mode: 0o600 })],
      ] as [string, () => unknown][];
    }),
    ...Object.entries<Call>(opens).flatMap(([name, call]) => {
      return [
        [`${name} with a bad enforce`, () => call(file, { enforce: 1 })],
        [`${name} with a bad emulate`, () => call(file, { emulate: 1 })],
        [`${name} with a bad resolve`, () => call(file, { resolve: -1 })],
        [`${name} with a bad dir`, () => call(file, { dir: '0' })],
        [`${name} with a NUL`, () => call(`${file}\0`)],
      ] as [string, () => unknown][];
    }),
    ['readMayExec with a bad encoding', () => opens.readMayExec(file, { encoding: 'x' })],
    ['readMayExecSync with a bad encoding', () => opens.readMayExecSync(file, { encoding: 'x' })],
    ['openMayExec with a bad signal', () => opens.openMayExec(file, { signal: 1 })],
    ['checkExec with a bad enforce', () => checks.checkExec(fd, { enforce: 1 })],
    ['checkExecSync with a bad emulate', () => checks.checkExecSync(fd, { emulate: 1 })],
    ['checkInteractive with a bad fd', () => mayexec.checkInteractive({ fd: -1 })],
    [
      'setSecurebits with one good bit and one bad',
      () => {
        mayexec.setSecurebits({ restrictFile: true, denyInteractive: 1 as unknown as boolean });
      },
    ],
  ];
  for (const [title, call] of mistakes) {
    test(title, async () => {
      const messages: unknown[] = [];
      const listen = (message: unknown) => {
        messages.push(message);
      };
      const securebits = mayexec.getSecurebits();
      const before = openFds();
      subscribe('mayexec:check', listen);
      try {
        expect((await mistake(call)).code).toMatch(/^ERR_/);
      } finally {
        unsubscribe('mayexec:check', listen);
      }
      expect(openFds()).toEqual(before);
      expect(messages).toEqual([]);
      expect(mayexec.getSecurebits()).toEqual(securebits);
      expect(fs.existsSync(created)).toBe(false);
      expect(fs.readFileSync(file, 'utf8')).toBe('content');
    });
  }
});
