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
  '',
  '=ls',
])('what is printed of the word %j can be pasted into bash', (word) => {
  const pasted = printable(quoted(word));
  const { stdout } = spawnSync('bash', ['-c', `printf %s ${pasted}`], { encoding: 'utf8' });
  expect(stdout).toBe(word);
});
