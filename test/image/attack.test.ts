import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { addon, IMAGE_BYTECODE, IMAGE_TEXT } from '../../src/addon.js';
import { EBADMSG, EINVAL, ENOENT } from '../../src/errno.js';
import {
  encodeStart,
  HEADER,
  ImageError,
  RECORD,
  verifyPlaces,
  type Meta,
} from '../../src/image/format.js';
import { readDirectory, sha256 } from '../../src/image/read.js';
import { writeImage } from '../../src/image/write.js';

const box = mkdtempSync(join(tmpdir(), 'mayexec-image-'));
afterAll(() => {
  rmSync(box, { recursive: true });
});

const meta: Meta = {
  root: '/app',
  lockfiles: { 'package.json': null },
  sources: true,
  engine: null,
};
const texts: Record<string, { bytecode?: string; source: string }> = {
  'a.js': { bytecode: 'the bytecode of a', source: 'exports.a = 1;' },
  'lib/b.mjs': { source: 'export default 2;' },
  'lib/empty.js': { source: '' },
};
const paths = Object.keys(texts).map((path) => Buffer.from(path));

function write(out: string, sources = true): Buffer {
  writeImage(
    out,
    { ...meta, sources },
    paths,
    (path) => {
      const { bytecode, source } = texts[path.toString()] as (typeof texts)[string];
      return {
        source: Buffer.from(source),
        bytecode: bytecode === undefined ? undefined : Buffer.from(bytecode),
        isModule: false,
      };
    },
    sha256,
  );
  return readFileSync(out);
}

const good = write(join(box, 'good.image'));

/** What `use` makes of a file with these bytes, or the error. */
function withFile(bytes: Uint8Array, use: (fd: number) => unknown): unknown {
  const file = join(box, 'attacked.image');
  writeFileSync(file, bytes);
  const fd = openSync(file, 'r');
  try {
    return use(fd);
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** What the image gives, module by module, or the error. A module whose hash is wrong is 'refused'. */
function load(file: Uint8Array): unknown {
  return withFile(file, (fd) => {
    const { count, records } = readDirectory(fd);
    return Array.from({ length: count }, (_, i) => {
      const bytecode = addon().imageRead(fd, records, i, IMAGE_BYTECODE);
      const source = addon().imageRead(fd, records, i, IMAGE_TEXT);
      if (typeof bytecode !== 'object' || typeof source !== 'string') return 'refused';
      return `${bytecode.toString()}${source}`;
    });
  });
}

/** Gives a file's directory its hash again, as who can change an approved file can. */
function sign(bytes: Buffer): void {
  const [meta, count, names] = [12, 16, 20].map((at) => bytes.readUInt32LE(at)) as [
    number,
    number,
    number,
  ];
  bytes.fill(0, 32, HEADER);
  const start = bytes.subarray(0, HEADER + meta + count * RECORD + names);
  bytes.write(sha256(start), 32, 'hex');
}

const whole = load(good) as string[];

/** The same file with a directory that is changed and signed anew: an attacker can count. */
function forged(records: Parameters<typeof encodeStart>[1], rest: Buffer): Buffer {
  return Buffer.concat([encodeStart(meta, records, sha256), rest]);
}
const record = (
  path: string,
  sourceLength: number,
  bytes: Buffer,
): Parameters<typeof encodeStart>[1][number] => ({
  path: Buffer.from(path),
  flags: 0,
  bytecodeLength: 0,
  sourceLength,
  bytecodeSha256: Buffer.from(sha256(Buffer.alloc(0)), 'hex'),
  sourceSha256: Buffer.from(sha256(bytes), 'hex'),
});

it('a whole image gives every module', () => {
  expect(whole).toEqual(Object.values(texts).map(({ bytecode = '', source }) => bytecode + source));
});

it('the same modules give the same bytes', () => {
  expect(write(join(box, 'again.image')).equals(good)).toBe(true);
});

it('without sources it gives the same bytecode, and knows the same sources', () => {
  const bare = write(join(box, 'bare.image'), false);
  expect(bare.length).toBeLessThan(good.length);
  expect(load(bare)).toEqual(
    [Object.values(texts)].flat().map(({ source }) => source && 'refused'),
  );
  withFile(bare, (fd) => {
    const { records } = readDirectory(fd);
    for (const [i, { bytecode = '', source }] of Object.values(texts).entries()) {
      expect(String(addon().imageRead(fd, records, i, IMAGE_BYTECODE))).toBe(bytecode);
      const isSource = (text: string): number => addon().imageIsSource(records, i, text);
      expect([source, `${source} `, source.slice(1)].map(isSource)).toEqual([
        1,
        0,
        source === '' ? 1 : 0,
      ]);
    }
  });
});

it.each<[string, Uint8Array, number, string]>([
  ['an index that is negative', Buffer.alloc(RECORD), -1, ''],
  ['an index without a record', Buffer.alloc(RECORD), 1, ''],
  ['half a record', Buffer.alloc(RECORD - 1), 0, ''],
])('%s has no source', (_, records, i, text) => {
  expect(addon().imageIsSource(records, i, text)).toBe(EINVAL);
});

it('every byte that is changed is noticed before its module is used', () => {
  for (let at = 0; at < good.length; at++) {
    for (const mask of [0x01, 0x80, 0xff]) {
      const changed = Buffer.from(good);
      changed[at] = (good[at] as number) ^ mask;
      const loaded = load(changed);
      if (loaded instanceof ImageError) continue;
      const given = loaded as string[];
      const texts = given.map((text, i) => (text === 'refused' ? whole[i] : text));
      expect({ at, texts, refused: given.includes('refused') }).toEqual({
        at,
        texts: whole,
        refused: true,
      });
    }
  }
});

it('an image that is cut off anywhere is none', () => {
  for (let length = 0; length < good.length; length++) {
    expect(load(good.subarray(0, length)), `${length} bytes`).toBeInstanceOf(ImageError);
  }
});

it('an image with more behind it is none', () => {
  expect(load(Buffer.concat([good, Buffer.from([0])]))).toBeInstanceOf(ImageError);
});

describe('a directory with a right hash', () => {
  const rest = Buffer.from('0123456789');
  const verify = (bytes: Uint8Array): unknown =>
    withFile(bytes, (fd) => {
      verifyPlaces(readDirectory(fd));
    });
  it.each<[string, Buffer, RegExp]>([
    ['whose module reaches beyond the end', forged([record('a', 11, rest)], rest), /says 250/],
    ['whose modules leave a gap', forged([record('a', 9, rest)], rest), /header says/],
    [
      'with a path twice',
      forged([record('a', 5, rest), record('a', 5, rest)], rest),
      /not sorted, or one occurs twice/,
    ],
    [
      'with paths in another order',
      forged([record('b', 5, rest), record('a', 5, rest)], rest),
      /not sorted/,
    ],
    ['with a path of no length', forged([record('', 10, rest)], rest), /has no end/],
    [
      'with a path that no system has',
      forged([record('x'.repeat(4096), 10, rest)], rest),
      /lengths in its header are impossible/,
    ],
  ])('%s is refused by image check', (_, bytes, why) => {
    const verified = verify(bytes);
    expect(verified).toBeInstanceOf(ImageError);
    expect((verified as ImageError).message).toMatch(why);
  });

  /** Numbers of a record: where they begin, and how many bytes they have. */
  const NUMBERS = { offset: [0, 6], bytecode: [8, 4], source: [12, 4], pathEnd: [16, 4] } as const;
  const VALUES = [0, 1, 2, 13, 14, 15, 0x7fffffff, 0x80000000, 0xffffffff, 0xffffffffffff];

  it.each(
    Object.entries(NUMBERS).flatMap(([name, [at, length]]) =>
      VALUES.filter((value) => value < 256 ** length).map(
        (value) => [name, value, at, length] as const,
      ),
    ),
  )('with the %s %i gives no text but that of a hash in it', (name, value, at, length) => {
    const count = paths.length;
    for (let i = 0; i < count; i++) {
      const bytes = Buffer.from(good);
      const recordsAt = HEADER + bytes.readUInt32LE(12);
      bytes.writeUIntLE(value, recordsAt + i * RECORD + at, length);
      sign(bytes);
      const loaded = load(bytes) as string[];
      for (const [j, text] of loaded.entries()) expect([whole[j], 'refused']).toContain(text);
      const found = withFile(bytes, (fd) => {
        const { records, paths: names } = readDirectory(fd);
        return Object.keys(texts).map((path) => addon().imageFind(records, names, path));
      }) as number[];
      for (const [j, index] of found.entries()) {
        if (name === 'pathEnd') expect([j, ENOENT, EBADMSG]).toContain(index);
        else expect(index).toBe(j);
      }
    }
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no root', '{"lockfiles":{},"sources":true,"engine":null}'],
    ['a root that is no text', '{"root":1,"lockfiles":{},"sources":true,"engine":null}'],
    ['no lockfiles', '{"root":"/","sources":true,"engine":null}'],
    ['a hash that is no text', '{"root":"/","lockfiles":{"x":1},"sources":true,"engine":null}'],
    ['sources that are no yes or no', '{"root":"/","lockfiles":{},"sources":1,"engine":null}'],
    ['half an engine', '{"root":"/","lockfiles":{},"sources":true,"engine":{"node":"v1"}}'],
  ])('that says of what it was made: %s', (_, text) => {
    const start = Buffer.alloc(HEADER + text.length);
    encodeStart(meta, [], sha256).copy(start, 0, 0, HEADER);
    start.writeUInt32LE(text.length, 12);
    start.writeUIntLE(start.length, 24, 6);
    start.write(text, HEADER);
    sign(start);
    expect((load(start) as ImageError).message).toMatch(/its metadata is (not JSON|incomplete)/);
  });
});
