import * as fs from 'node:fs';
import { basename } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

import type * as mayexec from '../../src/index.js';
import { constants } from '../../src/index.js';
import { has, needs, openat2IsRefused, openat2Reason } from '../support/kernel.js';
import { runChild } from '../support/sandbox.js';
import {
  cachedCases,
  mountCases,
  mountScript,
  opens,
  resolveCases,
  type ResolveCase,
} from './cases.js';
import { box, calls, expectOutcome, fds, place } from './fixture.js';

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
