/** The measured rows of docs/comparison.md: what is made code of, and what stops it. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { addon, launcher } from '../support/built.js';
import { sandbox } from '../support/sandbox.js';
import { nodeBinary } from './versions.js';

const box = sandbox();
const node = nodeBinary(24);
const program = box.file(
  'program.cjs',
  0o755,
  readFileSync(new URL('comparison.cjs', import.meta.url)),
);

/** A folder of files that are not approved: they have no x, and `mount` is also noexec. */
const folder = box.directory('dropped');
const dropped = `${folder}/dropped.cjs`;
const droppedAddon = `${folder}/dropped.node`;
const fill = `cp ${box.file('from.cjs', 0o644, 'console.log("RAN")')} ${dropped} &&
  cp ${box.file('from.node', 0o644, readFileSync(addon))} ${droppedAddon}`;
const onNoexec = `mount -t tmpfs -o noexec tmpfs ${folder} && ${fill} && exec "$0" "$@"`;
const ordinary = `${fill} && exec "$0" "$@"`;

const ways: readonly [string, readonly string[], string?][] = [
  ['an approved script', [program, 'nothing']],
  ['a dropped script, `node x.js`', [dropped]],
  ['a dropped module, `require`', [program, 'require', dropped]],
  ['text, `node -e`', ['-e', 'console.log("RAN")']],
  ['text, `node <pipe`', ['-'], 'console.log("RAN")'],
  ['a `data:` URL', [program, 'data']],
  ['a dropped addon', [program, 'addon', dropped, droppedAddon]],
  ['a child process, `node -e`', [program, 'child']],
  ['a string, `eval`', [program, 'eval']],
];
const columns: readonly [string, (args: readonly string[]) => readonly string[]][] = [
  ['plain Node', (args) => [ordinary, node, ...args]],
  ['noexec mount', (args) => [onNoexec, node, ...args]],
  ['`--permission`', (args) => [ordinary, node, '--permission', '--allow-fs-read=*', ...args]],
  ['`mayexec run`', (args) => [ordinary, launcher, '--', node, ...args]],
  ['`mayexec run --strict`', (args) => [ordinary, launcher, '--strict', '--', node, ...args]],
];

/** The cells of docs/comparison.md, by the titles of their rows. */
const page = readFileSync(
  fileURLToPath(new URL('../../docs/comparison.md', import.meta.url)),
  'utf8',
);
const rows = new Map(
  page
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, title = '', ...cells]) => [title, cells]),
);

describe.each(ways)('%s', (title, args, input) => {
  test.each(columns.map(([name, start], at) => [name, start, at] as const))(
    'under %s',
    (_name, start, at) => {
      const { stdout } = spawnSync('unshare', ['--mount', 'sh', '-c', ...start(args)], {
        encoding: 'utf8',
        input: input ?? '',
      });
      expect(stdout === 'RAN\n' ? 'runs' : 'refused').toBe(rows.get(title)?.[at]);
      expect(['', 'RAN\n']).toContain(stdout);
    },
  );
});
