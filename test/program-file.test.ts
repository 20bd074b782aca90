import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, expect, test } from 'vitest';

import { addon, addonPath, IS_NODE, IS_OLD } from '../src/addon.js';
import { MAJORS, nodeBinary } from './preload/versions.js';

const folder = mkdtempSync(join(tmpdir(), 'mayexec-first-line-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
/** Relative names are looked up from here, so that their lengths are known. */
const echo = 'echo';
symlinkSync('/bin/echo', join(folder, echo));

/** A name of echo that has this many bytes. */
function long(length: number): string {
  const name = 'e'.repeat(length);
  try {
    symlinkSync('/bin/echo', join(folder, name));
  } catch {
    // It is there.
  }
  return name;
}

const script = join(folder, 'script');
function write(text: string | Buffer, mode = 0o755): void {
  writeFileSync(script, text);
  chmodSync(script, mode);
}

/**
 * What the kernel gave to echo; empty when the file is no script to it, and a shell read it.
 * An empty argument counts as none: it can be no option, and names nothing.
 */
function byKernel(): string {
  try {
    const words = execFileSync(script, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    return words.replace(/^ /, '');
  } catch {
    return '';
  }
}

/** What echo would print. */
function byAddon(): string {
  const line = addon().programFile(script);
  if (typeof line === 'number') {
    expect(line).toBe(0);
    return '';
  }
  const [interpreter = '', argument = ''] = line.split('\n');
  if (!/^(?:echo|e+|\/bin\/echo)$/.test(interpreter)) return '';
  return `${argument === '' ? '' : `${argument} `}${script}\n`;
}

const lengths = Array.from({ length: 12 }, (_, i) => 248 + i);
const padded = (text: string, length: number, end: string): string =>
  text.padEnd(length - end.length) + end;

test.for([
  '#!echo',
  '#!echo\n',
  '#!echo a\n',
  '#!echo a b  c\n',
  '#! \t echo \t a \t \n',
  '#!echo a  ',
  '#!echo\ta',
  '#!echo a\0b\n',
  '#!echo\0a\n',
  '#!echo a \0 \n',
  '#!\0echo\n',
  '#!',
  '#!\n',
  '#! \t\n',
  '#! \nexit 0\n',
  '#',
  '',
  ' #!echo\n',
  'x!echo\n',
  '#!echo a\r\n',
  '#!echo\r\n',
  '#!nothing a\n',
  '#!/bin/echo a\n',
  ...lengths.flatMap((length) => [
    padded('#!echo', length, 'a'),
    `${padded('#!echo', length, 'a')}b`,
    `${padded('#!echo', length, 'a')}bcd\nb`,
    `${padded('#!echo', length, 'a')}\nb`,
    `${padded('#!echo a', length, '')}\n`,
    padded('#!', length, 'echo'),
    `${padded('#!', length, 'echo')} a`,
    `${padded('#!', length, 'echo')}\n`,
  ]),
])('the addon reads %j as the kernel does', (text) => {
  write(text);
  expect(byAddon()).toBe(byKernel());
});

test.for(lengths)('a name of %d bytes is read as the kernel does', (length) => {
  for (const end of ['', '\n', ' ', ' a', '\0', '\ta\n']) {
    write(`#!${long(length)}${end}${'x'.repeat(end === '' ? 9 : 0)}`);
    expect(byAddon(), JSON.stringify(end)).toBe(byKernel());
  }
});

test('a file that nobody can execute has no first line', () => {
  write('#!echo\n', 0o644);
  expect(addon().programFile(script)).toBe(0);
  const directory = join(folder, 'directory');
  mkdirSync(directory);
  for (const path of [directory, join(folder, 'missing'), join(script, 'x'), 'x'.repeat(5000), ''])
    expect(addon().programFile(path)).toBe(0);
});

test('a first line that cannot be read is an error', () => {
  expect(addon().programFile('a\0b')).toBeLessThan(0);
});

test.for(MAJORS)('Node %i is a Node by its content', (major) => {
  expect(addon().programFile(nodeBinary(major))).toBe(IS_NODE);
});

test('Node 20 is a Node that is too old for --disable-sigusr1', () => {
  expect(addon().programFile(nodeBinary(20))).toBe(IS_NODE | IS_OLD);
});

test('other programs are none', () => {
  expect(addon().programFile('/bin/echo')).toBe(0);
  expect(addon().programFile('/bin/sh')).toBe(0);
});

/** A program that needs Node's library, and whose 1,100 segments of notes overlap. */
function forged(): Buffer {
  const size = 64 << 20;
  const [dynamic, strings, notes] = [0x10000, 0x10100, 0x11000];
  const file = Buffer.alloc(size);
  file.set(Buffer.from('7f454c46020101', 'hex'));
  for (const [at, number] of [
    [16, 3],
    [18, 62],
    [20, 1],
    [32, 64],
    [52, 64],
    [54, 56],
    [56, 1100],
  ] as const)
    file.writeUInt16LE(number, at);
  const segments = [
    { type: 1, from: 0, to: size },
    { type: 2, from: dynamic, to: strings },
    ...Array<object>(1098).fill({ type: 4, from: notes, to: size }),
  ] as { type: number; from: number; to: number }[];
  segments.forEach(({ type, from, to }, i) => {
    const at = 64 + i * 56;
    file.writeUInt32LE(type, at);
    file.writeUInt32LE(from, at + 8);
    file.writeUInt32LE(from, at + 16);
    file.writeUInt32LE(to - from, at + 32);
  });
  // DT_STRTAB and DT_NEEDED.
  file.writeUInt32LE(5, dynamic);
  file.writeUInt32LE(strings, dynamic + 8);
  file.writeUInt32LE(1, dynamic + 16);
  file.write('libnode.so.127\0', strings);
  // The length of each note's name.
  file.fill(Buffer.from('01000000000000000000000000000000', 'hex'), notes);
  return file;
}

// Reading all of them takes minutes.
test('a forged program with a million notes in each of its segments is read soon', () => {
  write(forged());
  expect(addon().programFile(script)).toBe(IS_NODE);
});

test('a program that another thread truncates meanwhile kills nobody', () => {
  write(readFileSync('/bin/echo'));
  const path = fileURLToPath(new URL('programs/truncated-program.cjs', import.meta.url));
  const words = [path, addonPath() as string, script];
  expect(execFileSync(process.execPath, words, { encoding: 'utf8' })).toBe('survived\n');
});
