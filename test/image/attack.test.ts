import { hash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { encodeStart, HEADER, ImageError, SHA256, type Meta } from '../../src/image/format.js';
import { lengthOf, readDirectory, readModuleAt } from '../../src/image/read.js';
import { writeImage } from '../../src/image/write.js';

const box = mkdtempSync(join(tmpdir(), 'mayexec-image-'));
afterAll(() => {
  rmSync(box, { recursive: true });
});

const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes);
const meta: Meta = { root: '/app', lockfiles: { 'package.json': null }, engine: null };
const texts: Record<string, { bytecode?: string; source: string }> = {
  'a.js': { bytecode: 'the bytecode of a', source: 'exports.a = 1;' },
  'lib/b.mjs': { source: 'export default 2;' },
  'lib/empty.js': { source: '' },
};
const paths = Object.keys(texts).map((path) => Buffer.from(path));

function write(out: string): Buffer {
  writeImage(
    out,
    meta,
    paths,
    (path) => {
      const { bytecode, source } = texts[path.toString()] as (typeof texts)[string];
      return {
        source: Buffer.from(source),
        bytecode: bytecode === undefined ? undefined : Buffer.from(bytecode),
      };
    },
    sha256,
  );
  return readFileSync(out);
}

const good = write(join(box, 'good.image'));

/** What the image gives, module by module, or the error. A module whose hash is wrong is 'refused'. */
function load(bytes: Uint8Array): string[] | ImageError {
  const file = join(box, 'attacked.image');
  writeFileSync(file, bytes);
  const fd = openSync(file, 'r');
  try {
    const directory = readDirectory(fd, sha256);
    return Array.from({ length: directory.count }, (_, i) => {
      const module = new Uint8Array(lengthOf(directory, i));
      readModuleAt(fd, directory, i, module);
      const told = directory.hashes.toString('hex', i * SHA256, (i + 1) * SHA256);
      return sha256(module) === told ? Buffer.from(module).toString() : 'refused';
    });
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  } finally {
    closeSync(fd);
  }
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
  bytecodeLength: 0,
  sourceLength,
  sha256: Buffer.from(sha256(bytes), 'hex'),
});

it('a whole image gives every module', () => {
  expect(whole).toEqual(Object.values(texts).map(({ bytecode = '', source }) => bytecode + source));
});

it('the same modules give the same bytes', () => {
  expect(write(join(box, 'again.image')).equals(good)).toBe(true);
});

it('every byte that is changed is noticed before its module is used', () => {
  for (let at = 0; at < good.length; at++) {
    for (const mask of [0x01, 0x80, 0xff]) {
      const changed = Buffer.from(good);
      changed[at] = (good[at] as number) ^ mask;
      const loaded = load(changed);
      if (loaded instanceof ImageError) continue;
      const texts = loaded.map((text, i) => (text === 'refused' ? whole[i] : text));
      expect({ at, texts, refused: loaded.includes('refused') }).toEqual({
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
  it.each<[string, Buffer, RegExp]>([
    ['whose module reaches beyond the end', forged([record('a', 11, rest)], rest), /says 1\d\d/],
    ['whose modules leave a gap', forged([record('a', 9, rest)], rest), /header says/],
    [
      'with a path twice',
      forged([record('a', 5, rest), record('a', 5, rest)], rest),
      /not sorted, or one is there twice/,
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
      /lengths that no image has/,
    ],
  ])('%s is refused', (_, bytes, why) => {
    const loaded = load(bytes);
    expect(loaded).toBeInstanceOf(ImageError);
    expect((loaded as ImageError).message).toMatch(why);
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no root', '{"lockfiles":{},"engine":null}'],
    ['a root that is no text', '{"root":1,"lockfiles":{},"engine":null}'],
    ['no lockfiles', '{"root":"/","engine":null}'],
    ['a hash that is no text', '{"root":"/","lockfiles":{"x":1},"engine":null}'],
    ['half an engine', '{"root":"/","lockfiles":{},"engine":{"node":"v1"}}'],
  ])('that says of what it was made: %s', (_, text) => {
    const start = Buffer.alloc(HEADER + text.length);
    encodeStart(meta, [], sha256).copy(start, 0, 0, HEADER);
    start.writeUInt32LE(text.length, 12);
    start.writeUIntLE(start.length, 24, 6);
    start.write(text, HEADER);
    start.write(sha256(Buffer.concat([start.subarray(0, 32), start.subarray(HEADER)])), 32, 'hex');
    expect((load(start) as ImageError).message).toMatch(/what it was made for/);
  });
});
