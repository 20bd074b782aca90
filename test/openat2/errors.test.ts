import * as fs from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';

import * as mayexec from '../../src/index.js';
import { constants, openat2, type PathLike } from '../../src/index.js';
import { openat2IsRefused } from '../support/kernel.js';
import { openFds } from '../support/sandbox.js';
import { box, calls } from './fixture.js';

const { O_CREAT, O_RDWR } = constants;

describe('an error of openat2', () => {
  const caught = async (call: () => Promise<number>): Promise<mayexec.SyscallError> => {
    try {
      await call();
    } catch (error) {
      return error as mayexec.SyscallError;
    }
    throw new Error('it opened');
  };

  test('names in its stack no function of this package but the one that was called', async () => {
    const frames = /^NotFoundError: .*\n(?: +at (?:\w+\.)?openat2Sync .*\n)+ +at called /;
    const called = () => Promise.resolve(mayexec.openat2Sync('/nonexistent'));
    if (await openat2IsRefused(called)) return;
    expect((await caught(called)).stack).toMatch(frames);
  });

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
