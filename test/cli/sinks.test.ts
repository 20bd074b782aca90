/** What `manifest --format` writes for other programs, beside what these write. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { withPrograms } from '../support/other-programs.js';
import { mayexec, temporary, tree } from './run.js';

/** A level of the tree has 128 digests in a block. */
const BLOCK = 4096;
const SIZES = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 128 * BLOCK, 128 * BLOCK + 1, 256 * BLOCK + 5];
const THREE_LEVELS = 128 * 128 * BLOCK + 1;

function application(): string {
  const root = tree({ 'lib/part.mjs': 'export {};\n', 'data.json': '{}' });
  for (const size of SIZES) {
    const bytes = Buffer.from(Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8)) & 0xff));
    writeFileSync(join(root, `size-${size}.js`), bytes);
  }
  writeFileSync(join(root, 'three-levels.js'), '');
  truncateSync(join(root, 'three-levels.js'), THREE_LEVELS);
  return root;
}

async function made(root: string, format: string, ...more: string[]): Promise<string> {
  const { status, stdout, stderr } = await mayexec([
    ...['manifest', root, '--format', format, '--out', '-', ...more],
  ]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

describe('manifest --format', () => {
  withPrograms('fsverity')('fsverity is what `fsverity digest` says of each file', async () => {
    const root = application();
    const paths = (await made(root, 'paths')).split('\0').slice(0, -1);
    expect(paths).toHaveLength(SIZES.length + 2);
    const { stdout, status } = spawnSync('fsverity', ['digest', ...paths], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(await made(root, 'fsverity')).toBe(stdout);
  });

  withPrograms('fapolicyd-cli')(
    'fapolicyd is what fapolicyd-cli writes of the same files',
    async () => {
      const root = application();
      const etc = temporary();
      mkdirSync(join(etc, 'trust.d'));
      for (const name of ['fapolicyd.trust', 'fapolicyd.conf']) writeFileSync(join(etc, name), '');
      renameSync(join(root, 'data.json'), join(temporary(), 'data.json'));
      const script =
        'mkdir -p /etc/fapolicyd; mount --bind "$0" /etc/fapolicyd; fapolicyd-cli --file add "$1/" --trust-file app';
      const { status, stderr } = spawnSync(
        'unshare',
        ['--mount', '--propagation', 'private', 'sh', '-ec', script, etc, root],
        { encoding: 'utf8' },
      );
      expect(status, stderr).toBe(0);
      const theirs = readFileSync(join(etc, 'trust.d', 'app'), 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'));
      const ours = (await made(root, 'fapolicyd')).split('\n').slice(0, -1);
      expect(ours.sort()).toEqual(theirs.sort());
    },
  );

  test('--prefix says where the files will be', async () => {
    const root = tree({ 'a.js': 'a', 'data.json': '{}' });
    expect(await made(root, 'paths', '--prefix', '/srv/app')).toBe('/srv/app/a.js\0');
    expect(await made(root, 'fapolicyd', '--prefix', '/')).toMatch(/^\/a\.js 1 [0-9a-f]{64}\n$/);
  });

  test('the same files give the same bytes, and a file is written whole', async () => {
    const root = tree({ 'b.js': 'b', 'a/c.js': 'c', 'a.js': 'a' });
    const out = join(temporary(), 'trust');
    const { status } = await mayexec(['manifest', root, '--format', 'fapolicyd', '--out', out]);
    expect(status).toBe(0);
    chmodSync(join(root, 'b.js'), 0o755);
    expect(await made(root, 'fapolicyd')).toBe(readFileSync(out, 'utf8'));
  });

  test.for([
    ['fapolicyd', 'with space.js'],
    ['fapolicyd', 'with\ttab.js'],
    ['fapolicyd', 'with\nline.js'],
    ['fsverity', 'with\nline.js'],
  ] as const)('%s refuses a name that it cannot say: %j', async ([format, name]) => {
    const root = tree({ [name]: '', 'other.js': '' });
    const out = join(temporary(), 'out');
    const { status, stderr } = await mayexec(['manifest', root, '--format', format, '--out', out]);
    expect(status).toBe(2);
    expect(stderr).toContain(`${format} has no way to write this name: rename the file`);
    expect(stderr).toContain('nothing was written');
  });

  test('a space is no end of a path for fsverity, and a line break none for paths', async () => {
    const root = tree({ 'with space.js': '', 'with\nline.js': '' });
    expect(await made(root, 'paths', '--prefix', '/p')).toBe(
      '/p/with\nline.js\0/p/with space.js\0',
    );
  });

  test.for<[string[], RegExp]>([
    [['--format', 'rpm'], /Allowed choices are mayexec, fapolicyd, fsverity, paths/],
    [['--prefix', '/srv'], /--prefix is for another format/],
  ])('%j is an error', async ([args, told]) => {
    const { status, stderr } = await mayexec(['manifest', temporary(), '--out', '-', ...args]);
    expect(stderr).toMatch(told);
    expect(status).toBe(2);
  });
});
