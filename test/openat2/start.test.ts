import * as fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';

import { constants, type PathLike } from '../../src/index.js';
import { openat2IsRefused } from '../support/kernel.js';
import { opens } from './cases.js';
import { box, calls, expectOutcome } from './fixture.js';

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
