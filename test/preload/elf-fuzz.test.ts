import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { readDynamicSection, type DynamicSection } from '../../src/preload/guard/elf.js';

/*
 * What the preload reads of a shared object is held against the dynamic loader. Of each
 * mutant either the reader refuses it, or it knows every library that the loader looks for.
 */

const MUTANTS = 2000;
const folder = mkdtempSync(join(tmpdir(), 'mayexec-elf-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const loader = { x64: '/lib64/ld-linux-x86-64.so.2', arm64: '/lib/ld-linux-aarch64.so.1' }[
  process.arch as 'x64' | 'arm64'
];

const library = (name: string, ...options: string[]): string => {
  const file = join(folder, name);
  execFileSync('cc', ['-shared', '-fPIC', '-nostdlib', '-o', file, ...options, '-x', 'c', '-'], {
    input: `int ${name.replace(/\W/g, '_')}(void) { return 0; }\n`,
  });
  return file;
};
for (const name of ['libone.so', 'libtwo.so', 'libthree.so', 'libfour.so']) library(name);
const original = readFileSync(
  library(
    'object.so',
    '-Wl,--no-as-needed',
    `-L${folder}`,
    '-lone',
    '-ltwo',
    '-Wl,--auxiliary,libthree.so',
    '-Wl,--filter,libfour.so',
    '-Wl,-rpath,/nonexistent',
  ),
);

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const SEGMENT = 56;
const headers = Number(original.readBigUInt64LE(32));
const count = original.readUInt16LE(56);
const segments = Array.from({ length: count }, (_, i) => headers + i * SEGMENT);
const ofType = (type: number): number[] =>
  segments.filter((at) => original.readUInt32LE(at) === type);
const [dynamicHeader = 0] = ofType(PT_DYNAMIC);
const dynamic = Number(original.readBigUInt64LE(dynamicHeader + 8));
const dynamicSize = Number(original.readBigUInt64LE(dynamicHeader + 32));

/** The offset of the first entry with a tag. */
function entry(tag: number): number {
  for (let at = dynamic; at < dynamic + dynamicSize; at += 16) {
    if (Number(original.readBigUInt64LE(at)) === tag) return at;
  }
  throw new Error(`no ${tag}`);
}

const file = join(folder, 'mutant.so');

function byReader(): DynamicSection | undefined {
  const fd = openSync(file, 'r');
  try {
    return readDynamicSection(fd);
  } finally {
    closeSync(fd);
  }
}

/** The libraries that the loader looks for. It may end by a signal behind them. */
function byLoader(): string[] {
  const { stdout, stderr } = spawnSync(loader, ['--list', file], {
    env: { LD_LIBRARY_PATH: folder },
    encoding: 'utf8',
    timeout: 20_000,
  });
  const listed = [...stdout.matchAll(/^\t(.+?) (?:=>|\(0x)/gm)].map(([, name = '']) => name);
  const missing = [...stderr.matchAll(/: (.+?): cannot open shared object file/g)];
  const names = [...listed, ...missing.map(([, name = '']) => name.replace(/^.*: /, ''))];
  return names.filter((name) => !/^linux-vdso|ld-linux/.test(name) && name !== file);
}

/** A number from 0 to `below` - 1, the same at each run. */
let state = 0x6d_61_79_65;
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 0x1_0000_0000) * below);
}

/** Where a mutant differs: the header, the program headers, the dynamic section. */
const places: readonly (readonly [from: number, length: number])[] = [
  [0, 64],
  [headers, count * SEGMENT],
  [dynamic, dynamicSize],
  [dynamic, dynamicSize],
];

/** Changes a byte, or puts one number of eight bytes in the place of another. */
function mutate(bytes: Buffer): void {
  const [from, length] = places[random(places.length)] ?? [0, 1];
  const word = (): number => from + 8 * random(length / 8);
  switch (random(4)) {
    case 0:
      bytes[from + random(length)] = random(256);
      break;
    case 1:
      bytes.copy(bytes, word(), word(), from + length);
      break;
    case 2: {
      const at = word();
      bytes.copyWithin(at, word(), at + 8);
      break;
    }
    default: {
      const at = word();
      bytes.writeBigInt64LE(bytes.readBigInt64LE(at) + BigInt(random(65) - 32), at);
    }
  }
}

test('the object that is changed is read as the loader reads it', () => {
  writeFileSync(file, original);
  expect(byLoader().sort()).toEqual(['libone.so', 'libtwo.so']);
  // The loader does not list what it loads for a filter.
  expect([...(byReader()?.needed ?? [])].sort()).toEqual([
    'libfour.so',
    'libone.so',
    'libthree.so',
    'libtwo.so',
  ]);
});

test(`of ${MUTANTS} mutants the loader finds no library that the reader does not know`, () => {
  const unknown: unknown[] = [];
  let refused = 0;
  let loaded = 0;
  for (let i = 0; i < MUTANTS; i++) {
    const bytes = Buffer.from(original);
    for (let changes = 1 + random(3); changes > 0; changes--) mutate(bytes);
    writeFileSync(file, bytes);
    let known: readonly string[];
    try {
      known = byReader()?.needed ?? [];
    } catch {
      refused++;
      continue;
    }
    const found = byLoader();
    if (found.length > 0) loaded++;
    const others = found.filter((name) => !known.includes(name));
    if (others.length > 0) unknown.push({ mutant: i, others, known });
  }
  expect(unknown).toEqual([]);
  // Neither of the two says no to everything.
  expect(refused).toBeGreaterThan(MUTANTS / 20);
  expect(loaded).toBeGreaterThan(MUTANTS / 20);
}, 900_000);

describe('a rule of its own refuses', () => {
  const NEEDED = 1;
  const STRTAB = 5;
  const STRSZ = 10;
  const RPATH = 15n;
  const RUNPATH = 29;
  const PT_GNU_STACK = 0x6474e551;
  const [first = 0, second = 0] = ofType(PT_LOAD);
  const last = ofType(PT_LOAD).at(-1) ?? 0;
  const [spare = 0] = ofType(PT_GNU_STACK);
  const OFFSET = 8;
  const ADDRESS = 16;
  const IN_FILE = 32;
  const IN_MEMORY = 40;

  /** Adds to a number of eight bytes. */
  const add = (bytes: Buffer, at: number, value: bigint): unknown =>
    bytes.writeBigUInt64LE(bytes.readBigUInt64LE(at) + value, at);

  test.for<[name: string, why: string, change: (bytes: Buffer) => unknown]>([
    // The linker leaves room behind the end.
    ...[STRTAB, STRSZ, RUNPATH].map((tag): [string, string, (bytes: Buffer) => unknown] => [
      `the tag ${tag} given twice`,
      'has an entry twice',
      (bytes) => original.copy(bytes, entry(0), entry(tag), entry(tag) + 16),
    ]),
    [
      'the old kind of a path given twice',
      'has an entry twice',
      (bytes) => {
        bytes.writeBigUInt64LE(RPATH, entry(RUNPATH));
        bytes.copy(bytes, entry(0), entry(RUNPATH), entry(RUNPATH) + 16);
      },
    ],
    [
      'a second dynamic section, which the loader would take',
      'two dynamic sections',
      (bytes) => original.copy(bytes, spare, dynamicHeader, dynamicHeader + SEGMENT),
    ],
    [
      'a segment whose place in the file and in memory differ within a page',
      'askew',
      (bytes) => add(bytes, second + OFFSET, 16n),
    ],
    [
      'a segment that begins in the last page of the one before it',
      'overlap',
      (bytes) => {
        const end = original.readBigUInt64LE(first + ADDRESS) + 4095n;
        add(bytes, first + IN_FILE, end - original.readBigUInt64LE(first + IN_FILE));
        add(bytes, first + IN_MEMORY, end + 2n - original.readBigUInt64LE(first + IN_MEMORY));
      },
    ],
    [
      'segments that are not in the order of their addresses',
      'have no order',
      (bytes) => {
        original.copy(bytes, first, second, second + SEGMENT);
        original.copy(bytes, second, first, first + SEGMENT);
      },
    ],
    [
      'a segment that is larger in the file than in memory',
      'larger than its memory',
      (bytes) =>
        bytes.writeBigUInt64LE(bytes.readBigUInt64LE(last + IN_MEMORY) + 1n, last + IN_FILE),
    ],
    [
      'program headers of another size',
      'its program headers',
      (bytes) => bytes.writeUInt16LE(SEGMENT + 8, 54),
    ],
    [
      'more program headers than any file has',
      'its program headers',
      (bytes) => bytes.writeUInt16LE(513, 56),
    ],
    [
      'a dynamic section that is larger than any',
      'its dynamic section',
      (bytes) => bytes.writeBigUInt64LE(65_537n * 16n, dynamicHeader + IN_FILE),
    ],
    [
      'a dynamic section in no segment',
      'in no segment',
      (bytes) => bytes.writeBigUInt64LE(1n << 40n, dynamicHeader + ADDRESS),
    ],
    [
      'a dynamic section without an end',
      'has no end',
      (bytes) => {
        for (let at = entry(0); at < dynamic + dynamicSize; at += 16)
          bytes.writeBigInt64LE(99n, at);
      },
    ],
    [
      'strings that are longer than any',
      'its strings',
      (bytes) => bytes.writeBigUInt64LE((64n << 20n) + 1n, entry(STRSZ) + 8),
    ],
    [
      'a name that does not end among the strings',
      'a string has no end',
      (bytes) => bytes.writeBigUInt64LE(1n << 20n, entry(NEEDED) + 8),
    ],
    [
      'a number that no double holds',
      'out of range',
      (bytes) => bytes.writeBigUInt64LE(1n << 60n, entry(NEEDED) + 8),
    ],
  ])('%s', ([, why, change]) => {
    const bytes = Buffer.from(original);
    change(bytes);
    writeFileSync(file, bytes);
    expect(byReader).toThrow(why);
  });

  test('a file that ends before its dynamic section does', () => {
    writeFileSync(file, original.subarray(0, dynamic + 16));
    expect(byReader).toThrow('ends too early');
  });
});
