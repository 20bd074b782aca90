/** The command where /proc is not mounted. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { command } from '../support/built.js';
import { temporary, tree, type Result } from './run.js';

const root = tree({ 'a.js': '', 'b.js': ['', 0o755] });
const journal = join(temporary(), 'journal');

function withoutProc(...args: string[]): Result {
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    [
      ...['--mount', '--propagation', 'private', 'sh', '-ec'],
      ...['mount -t tmpfs none /proc; exec "$@"', 'sh', process.execPath, command, ...args],
    ],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

test.each([
  ['check allows', ['check', join(root, 'b.js')], 0, /^allowed/],
  ['check explains a denial', ['check', join(root, 'a.js')], 1, /^refused/],
  ['seal seals', ['seal', '--journal', journal, root], 0, /^1 file sealed/],
  [
    'seal --undo restores, and removes the journal',
    ['seal', '--undo', '--journal', journal, root],
    0,
    /^1 file restored/,
  ],
  [
    'seal --undo finds no journal then',
    ['seal', '--undo', '--journal', journal, root],
    2,
    /there is no such journal/,
  ],
  ['what needs it says so', ['seal', root], 2, /: mount \/proc, which knows the paths/],
] as const)('%s', (_title, args, status, prints) => {
  const result = withoutProc(...args);
  expect(result.stdout + result.stderr).toMatch(prints);
  expect(result.status).toBe(status);
});
