import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';

import { constants } from '../../src/index.js';
import { openat2IsRefused } from '../support/kernel.js';
import { opens } from './cases.js';
import { box, calls, expectOutcome, invalid } from './fixture.js';

const { O_CREAT, O_EXCL, O_RDWR, O_TMPFILE, O_TRUNC } = constants;

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
