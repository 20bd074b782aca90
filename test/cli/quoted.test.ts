import { spawnSync } from 'node:child_process';

import { expect, it } from 'vitest';

import { printable, quoted } from '../../src/cli/terminal.js';

it('quotes what zsh takes for the path of a program', () => {
  expect(quoted('=ls')).toBe("'=ls'");
  expect(quoted('--journal=x')).toBe('--journal=x');
});

it.each([
  'plain',
  'with a blank',
  "it's",
  '$HOME `id` \\ "',
  'line\nend',
  "it's\\n a\ttab\u001b[2K",
  '1\u00012',
  'right\u202eleft',
  'next\u0085line\u2028',
  'ünïcode\n😀',
  'marks \u200e\u200f\u061c\u2067 of direction',
  'hidden \u00ad\u200b\ufeff\u{e0041}😀',
  '',
  '=ls',
])('what is printed of the word %j can be pasted into bash', (word) => {
  const pasted = printable(quoted(word));
  const { stdout } = spawnSync('bash', ['-c', `printf %s ${pasted}`], { encoding: 'utf8' });
  expect(stdout).toBe(word);
  expect(pasted).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u);
});

it('no character is shown raw that has no shape or changes the direction', () => {
  // Signs of Arabic, Kaithi and Egyptian are format characters, but have a shape.
  const shaped = /[\u0600-\u0605\u06dd\u0890\u0891\u08e2\u{110bd}\u{110cd}\u{13430}-\u{1343f}]/u;
  const raw: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const text = String.fromCodePoint(code);
    if (/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u.test(text) && !shaped.test(text) && printable(text) === text)
      raw.push(code.toString(16));
  }
  expect(raw).toEqual([]);
});

it('half a pair of surrogates takes nothing from the character behind it', () => {
  expect(printable('\ud83da\udc00\ud83d')).toBe('\ud83da\udc00\ud83d');
});
