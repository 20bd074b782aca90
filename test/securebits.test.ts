import { describe, expect, test } from 'vitest';

import { getSecurebits, setSecurebits, type Securebits } from '../src/index.js';
import { decidingSecurebits, decodeSecurebits } from '../src/securebits.js';
import { has, needs } from './support/kernel.js';
import { runChild } from './support/sandbox.js';

const none: Securebits = {
  restrictFile: false,
  restrictFileLocked: false,
  denyInteractive: false,
  denyInteractiveLocked: false,
};

describe('the word of prctl(2) is read bit by bit:', () => {
  for (const [word, ...set] of [
    [0],
    [0x100, 'restrictFile'],
    [0x200, 'restrictFileLocked'],
    [0x400, 'denyInteractive'],
    [0x800, 'denyInteractiveLocked'],
    [0xf00, 'restrictFile', 'restrictFileLocked', 'denyInteractive', 'denyInteractiveLocked'],
    // The others are about capabilities.
    [0xff],
  ] as const) {
    test(`${word} is ${set.join(' and ') || 'none'}`, () => {
      const expected = { ...none, ...Object.fromEntries(set.map((name) => [name, true])) };
      expect(decodeSecurebits(word)).toEqual(expected);
      expect(decidingSecurebits(word)).toEqual(expected);
    });
  }
  test('an error is no answer', () => {
    expect(() => decidingSecurebits(-1)).toThrow(
      expect.objectContaining({
        name: 'UnsupportedError',
        reason: 'filtered',
        message: expect.stringContaining('allow prctl in the filter') as string,
        cause: expect.objectContaining({ code: 'EPERM', syscall: 'prctl' }) as Error,
      }) as Error,
    );
  });
});

test('a process that nobody restricted has none set', () => {
  expect(getSecurebits()).toEqual(has('prctl') ? none : null);
});

describe('setSecurebits', () => {
  // Each step is one call; the result is what getSecurebits then says, or the error.
  const cases: readonly (readonly [title: string, steps: Partial<Securebits>[], last: object])[] = [
    ['sets a bit', [{ restrictFile: true }], { ...none, restrictFile: true }],
    [
      'leaves alone what is not named',
      [{ restrictFile: true }, { denyInteractive: true }],
      { ...none, restrictFile: true, denyInteractive: true },
    ],
    ['clears a bit', [{ restrictFile: true }, { restrictFile: false }], none],
    ['does nothing for an empty change', [{}], none],
    [
      'sets a bit and its lock at once',
      [{ denyInteractive: true, denyInteractiveLocked: true }],
      { ...none, denyInteractive: true, denyInteractiveLocked: true },
    ],
    [
      'cannot clear a locked bit',
      [{ restrictFile: true, restrictFileLocked: true }, { restrictFile: false }],
      { name: 'PermissionError', code: 'EPERM', syscall: 'prctl' },
    ],
    [
      'cannot set a bit that is locked clear',
      [{ restrictFileLocked: true }, { restrictFile: true }],
      { name: 'PermissionError', code: 'EPERM' },
    ],
    [
      'cannot take a lock away',
      [{ denyInteractiveLocked: true }, { denyInteractiveLocked: false }],
      { name: 'PermissionError', code: 'EPERM' },
    ],
  ];
  for (const uid of [0, 12345]) {
    for (const [title, steps, last] of cases) {
      needs('execveCheck', 'prctl')(`${title}, as ${uid === 0 ? 'root' : 'a user'}`, () => {
        const result = runChild<object>(
          `let error;
           for (const step of input) error ??= await attempt(() => mayexec.setSecurebits(step));
           return error ?? mayexec.getSecurebits();`,
          { input: steps, ...(uid === 0 ? {} : { uid }) },
        );
        expect(result).toMatchObject(last);
      });
    }
  }

  test('refuses a name that is no securebit, before anything is set', () => {
    expect(() => {
      setSecurebits({ restrictFile: true, lock: true } as Partial<Securebits>);
    }).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARG_VALUE',
        message: expect.stringContaining("'bits.lock'") as string,
      }) as Error,
    );
    expect(() => {
      setSecurebits({ restrictFile: 1 } as unknown as Partial<Securebits>);
    }).toThrow(TypeError);
    expect(getSecurebits()).toEqual(has('prctl') ? none : null);
  });

  needs('execveCheck', 'prctl')('reaches workers and children that start afterwards', () => {
    const seen = runChild<Securebits[]>(
      `const { Worker } = await import('node:worker_threads');
       const { execFileSync } = await import('node:child_process');
       mayexec.setSecurebits({ restrictFile: true });
       const bits = 'const { getSecurebits } = await import(' + JSON.stringify(input) + ');';
       const worker = new Worker(
         bits + "(await import('node:worker_threads')).parentPort.postMessage(getSecurebits());",
         { eval: true }, // and --input-type=module is inherited
       );
       const inWorker = await new Promise((done) => worker.once('message', done));
       const code = bits + 'console.log(JSON.stringify(getSecurebits()));';
       const inChild = execFileSync(process.execPath, ['--input-type=module', '-e', code]);
       return [inWorker, JSON.parse(inChild)];`,
      { input: new URL('../dist/index.js', import.meta.url).href },
    );
    expect(seen).toEqual([
      { ...none, restrictFile: true },
      { ...none, restrictFile: true },
    ]);
  });
});
