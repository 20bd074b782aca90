/** mayexec/test, as the tests of an interpreter use it. */
import { existsSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';

import * as mayexec from '../src/index.js';
import {
  matchers,
  testFiles,
  withPolicy,
  type DenialMatchers,
  type TestPolicy,
} from '../src/testing.js';
import { needs } from './support/kernel.js';
import { runChild } from './support/sandbox.js';

// As docs/interpreters.md says.
declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- the names and the form are vitest's
  interface Matchers<T = any> extends DenialMatchers {}
}

const files = testFiles(undefined, { extension: '.lua', code: 'code' });
afterAll(() => {
  files.remove();
});
expect.extend(matchers);

const testing = `import { testFiles, withPolicy } from '${new URL('../dist/testing.js', import.meta.url).href}';`;
const set = (): TestPolicy => {
  const { restrictFile, denyInteractive } = mayexec.getSecurebits() ?? {};
  return { ...(restrictFile && { restrictFile }), ...(denyInteractive && { denyInteractive }) };
};
const cases: readonly TestPolicy[] = [
  {},
  { restrictFile: true },
  { denyInteractive: true },
  { restrictFile: true, denyInteractive: true },
];
const opens = [
  ['allowed', () => false],
  ['linkToAllowed', () => false],
  ['empty', () => false],
  ['refused', ({ restrictFile = false }) => restrictFile],
  ['linkToRefused', ({ restrictFile = false }) => restrictFile],
  ['fifo', ({ restrictFile = false, denyInteractive = false }) => restrictFile || denyInteractive],
] as const satisfies readonly [keyof typeof files, (bits: TestPolicy) => boolean][];

for (const bits of cases) {
  describe(`under ${Object.keys(bits).join(' and ') || 'no bit'}`, () => {
    for (const [kind, denied] of opens) {
      const is = denied(bits) ? 'refused' : 'opened';
      needs('execveCheck')(`${kind} is ${is}, in both forms`, async () => {
        const sync = (): unknown => {
          withPolicy(bits, () => {
            mayexec.openMayExecSync(files[kind]).closeSync();
          });
          return undefined;
        };
        const promised = withPolicy(bits, async () => {
          await new Promise(setImmediate);
          await (await mayexec.openMayExec(files[kind])).close();
        });
        const later = await promised.catch((error: unknown) => error);
        for (const outcome of [sync, later]) {
          expect(matchers.toBeDenied(outcome).pass).toBe(denied(bits));
        }
        expect(later === undefined || denied(bits)).toBe(true);
        expect(set()).toEqual({});
      });
    }
    needs('execveCheck')('a directory is EISDIR, and what is missing ENOENT', () => {
      withPolicy(bits, () => {
        for (const [path, code] of [
          [files.directory, 'EISDIR'],
          [files.missing, 'ENOENT'],
        ] as const) {
          expect(() => mayexec.openMayExecSync(path)).toThrow(
            expect.objectContaining({ code }) as Error,
          );
        }
      });
    });
    needs('execveCheck')('a user without privilege has the same, and so has a child', () => {
      const seen = runChild<unknown[]>(
        `const { execFileSync } = await import('node:child_process');
         const code = 'import(process.argv[1]).then((m) => console.log(JSON.stringify(m.getSecurebits())))';
         const seen = withPolicy(input.bits, () => [
           mayexec.getSecurebits(),
           JSON.parse(execFileSync(process.execPath, ['--input-type=commonjs', '-e', code, input.index])),
         ]);
         return [...seen, mayexec.getSecurebits()];`,
        {
          before: testing,
          uid: 12345,
          input: { bits, index: new URL('../dist/index.js', import.meta.url).href },
        },
      );
      const none = { restrictFile: false, denyInteractive: false };
      expect(seen).toMatchObject([{ ...none, ...bits }, { ...none, ...bits }, none]);
    });
  });
}

describe('withPolicy', () => {
  const file = { restrictFile: true };
  const both = { restrictFile: true, denyInteractive: true };
  needs('execveCheck')('sets the bits back when fn throws, or rejects', async () => {
    const thrown = new Error('thrown');
    const fail = (): never => {
      throw thrown;
    };
    expect(() => withPolicy(file, fail)).toThrow(thrown);
    expect(set()).toEqual({});
    await expect(withPolicy(file, () => Promise.reject(thrown))).rejects.toBe(thrown);
    expect(set()).toEqual({});
  });
  needs('execveCheck')('may be called in itself', async () => {
    const seen: TestPolicy[] = [];
    const see = (): number => seen.push(set());
    await withPolicy(both, async () => {
      withPolicy({}, see);
      see();
      await withPolicy(file, async () => {
        await new Promise(setImmediate);
        see();
      });
      see();
    });
    see();
    expect(seen).toEqual([{}, both, file, both, {}]);
  });
  needs('execveCheck')('refuses a second call while a promise is pending', async () => {
    let go = (): void => undefined;
    const first = withPolicy(file, () => new Promise<void>((done) => (go = done)));
    expect(() => withPolicy({}, set)).toThrow('another call is under way');
    expect(set()).toEqual(file);
    go();
    await first;
    expect(withPolicy(both, set)).toEqual(both);
    expect(set()).toEqual({});
  });
  needs('execveCheck')('takes the bits of an inner call that nobody awaits', async () => {
    let go = (): void => undefined;
    let inner: Promise<void> | undefined;
    await withPolicy(file, async () => {
      inner = withPolicy(both, () => new Promise<void>((done) => (go = done)));
      await Promise.resolve();
    });
    expect(set()).toEqual({});
    go();
    await expect(inner).rejects.toThrow('ended first');
    expect(set()).toEqual({});
  });
  needs('execveCheck')('says so where a bit is locked already', () => {
    const seen = runChild(
      `mayexec.setSecurebits({ restrictFile: true, restrictFileLocked: true });
       return [
         await attempt(() => withPolicy({}, () => 'run')),
         withPolicy({ restrictFile: true }, () => 'run'),
       ];`,
      { before: testing },
    );
    expect(seen).toMatchObject([
      { message: expect.stringContaining('restrictFile is locked') as string },
      'run',
    ]);
  });
  test.each([
    ['a lock', { restrictFileLocked: true }, /is a lock/],
    ['another lock, even false', { denyInteractiveLocked: false }, /is a lock/],
    ['another name', { restrict: true }, /must be one of restrictFile, denyInteractive/],
    ['no boolean', { restrictFile: 1 }, /must be true or false/],
    ['no object', 'restrictFile', /must be an object/],
    ['null', null, /must be an object/],
  ])('refuses %s before anything is set', (_name, bits, message) => {
    const call = (): unknown => withPolicy(bits as TestPolicy, set);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
    expect(() => withPolicy({}, 1 as never)).toThrow(TypeError);
  });
});

describe('testFiles', () => {
  test.for<[string, object, string]>([
    ['an option that is not known', { extensions: '.lua' }, 'extensions must be one of code,'],
    ['a value of another type', { code: 1 }, 'code must be a string'],
  ])('refuses %s', ([, options, told]) => {
    expect(() => testFiles(undefined, options)).toThrow(`testFiles: ${told}`);
  });

  test('removes what it made', () => {
    const made = testFiles();
    expect(existsSync(made.fifo)).toBe(true);
    made[Symbol.dispose]();
    expect(existsSync(made.folder)).toBe(false);
  });
  needs('execveCheck')('refuses a directory where nothing may be executed', () => {
    const seen = runChild<object[]>(
      `return [await attempt(() => testFiles('/mnt')), fs.readdirSync('/mnt')];`,
      { before: testing, mounts: 'mount -t tmpfs -o noexec none /mnt' },
    );
    expect(seen).toMatchObject([
      {
        message: expect.stringContaining(
          "nothing in '/mnt' may be executed (noexec-mount)",
        ) as string,
      },
      [],
    ]);
  });
});

describe('toBeDenied', () => {
  const open = (): void => {
    mayexec.openMayExecSync(files.refused, { enforce: true }).closeSync();
  };
  needs('execveCheck')('holds for a denial, and for its reason', () => {
    expect(open).toBeDenied();
    expect(open).toBeDenied('mode');
    expect(() => {
      expect(open).toBeDenied('noexec-mount');
    }).toThrow('a denial by noexec-mount was expected, but it was denied: EACCES');
    expect(() => {
      expect(() => 1).toBeDenied();
    }).toThrow('it was not denied');
    expect(() => 1).not.toBeDenied();
  });
  needs('execveCheck')('holds for a promise', async () => {
    const opened = mayexec.openMayExec(files.refused, { enforce: true });
    await expect(opened).rejects.toBeDenied('mode');
  });
  test('takes neither a promise nor another error for an answer', () => {
    for (const value of [Promise.reject(new Error('x')), () => Promise.resolve()]) {
      expect(() => matchers.toBeDenied(value)).toThrow('this is a promise');
    }
    expect(() => matchers.toBeDenied(() => mayexec.openMayExecSync(files.missing))).toThrow(
      mayexec.NotFoundError,
    );
  });
});
