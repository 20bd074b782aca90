import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { mayexec, modes, temporary, tree, type Files } from './run.js';

/** Puts a package's tarball into a cache as npm does, and returns its integrity. */
function publish(cache: string, files: Files): string {
  const folder = temporary();
  tree(files, join(folder, 'package'));
  const file = join(folder, 'package.tgz');
  spawnSync('tar', ['-C', folder, '-czf', file, 'package']);
  const packed = readFileSync(file);
  const sum = createHash('sha512').update(packed);
  const hex = sum.copy().digest('hex');
  const at = join(cache, '_cacache/content-v2/sha512', hex.slice(0, 2), hex.slice(2, 4));
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, hex.slice(4)), packed);
  return `sha512-${sum.digest('base64')}`;
}

const long = `lib/${'x'.repeat(120)}/${'y'.repeat(90)}.js`;
const ms: Files = { 'package.json': '{"name":"ms"}', 'index.js': 'ms', [long]: 'long' };
const outer: Files = {
  'package.json': '{"name":"outer"}',
  'main.js': 'outer',
  'node_modules/inner/index.js': 'inner',
};

interface Installed {
  root: string;
  cache: string;
}

/** An application, its packages as npm installs them, and npm's cache. */
function install(lockfile: Record<string, unknown> = {}): Installed {
  const cache = temporary();
  const integrity = { ms: publish(cache, ms), outer: publish(cache, outer) };
  const root = tree({
    'own.js': 'own',
    'package-lock.json': JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { name: 'app' },
        'node_modules/@s/ms': { version: '2.1.3', integrity: integrity.ms },
        'node_modules/outer': { version: '1.0.0', integrity: `sha1-AAAA ${integrity.outer}` },
        'node_modules/outer/node_modules/inner': { version: '0.1.0', inBundle: true },
        ...lockfile,
      },
    }),
  });
  tree(ms, join(root, 'node_modules/@s/ms'));
  tree(outer, join(root, 'node_modules/outer'));
  return { root, cache };
}

async function seal(
  { root, cache }: Installed,
  ...options: string[]
): Promise<{ status: number | null; stderr: string } & Record<string, unknown>> {
  const args = ['seal', root, '--json', '--lockfile', '--cache', cache, ...options];
  const result = await mayexec(args);
  return { ...(JSON.parse(result.stdout) as Record<string, unknown>), ...result };
}

describe('seal --lockfile', () => {
  it('seals what is in the tarballs, what they bundle, and what is the application’s own', async () => {
    expect(await seal(install())).toMatchObject({ status: 0, sealed: 5, refused: [] });
  });

  const extra = 'node_modules/evil/x.js';
  const inMs = 'node_modules/@s/ms/index.js';
  it.each<[string, (installed: Installed) => void, { path: string; refusal: string }, string[]]>([
    [
      'was changed',
      ({ root }) => {
        appendFileSync(join(root, inMs), ' ');
      },
      { path: inMs, refusal: 'replaced' },
      [inMs, '@s/ms', '@s/ms@2.1.3'],
    ],
    [
      'was changed in what a package bundles',
      ({ root }) => {
        writeFileSync(join(root, 'node_modules/outer/node_modules/inner/index.js'), 'INNER');
      },
      { path: 'node_modules/outer/node_modules/inner/index.js', refusal: 'replaced' },
      ['inner', 'inner@0.1.0'],
    ],
    [
      'was put into a package',
      ({ root }) => {
        tree({ 'new.js': '' }, join(root, 'node_modules/@s/ms'));
      },
      { path: 'node_modules/@s/ms/new.js', refusal: 'added' },
      ['@s/ms'],
    ],
    [
      'is of no package of the lockfile',
      ({ root }) => {
        tree({ [extra]: '' }, root);
      },
      { path: extra, refusal: 'unlisted' },
      [extra, 'evil'],
    ],
    [
      'is of no package, in a node_modules of a package',
      ({ root }) => {
        tree({ 'node_modules/evil/x.js': '' }, join(root, 'node_modules/outer/lib'));
      },
      { path: 'node_modules/outer/lib/node_modules/evil/x.js', refusal: 'unlisted' },
      ['evil'],
    ],
    [
      'is of no package, beside the packages',
      ({ root }) => {
        tree({ 'node_modules/.cache/x.js': '' }, root);
      },
      { path: 'node_modules/.cache/x.js', refusal: 'unlisted' },
      ['node_modules/.cache/x.js'],
    ],
  ])(
    'refuses, and names, a file that %s, unless it is allowed',
    async (_n, change, refusal, names) => {
      const installed = install();
      change(installed);
      expect(await seal(installed)).toMatchObject({ status: 1, refused: [refusal] });
      expect(modes(installed.root)[refusal.path]).toBe('0644');
      for (const name of names) {
        const copy = { ...installed, root: join(temporary(), 'copy') };
        cpSync(installed.root, copy.root, { recursive: true });
        const allowed = await seal(copy, '--allow-changed', name, '--allow-changed', 'other');
        expect(allowed).toMatchObject({ status: 0, refused: [] });
        expect(modes(copy.root)[refusal.path]).toBe('0755');
        // It is not silent about a name that nothing has.
        expect(allowed.stderr).toMatch(/^mayexec: --allow-changed other: no file of code[^\n]*\n$/);
      }
    },
  );

  it.each<[string, Record<string, unknown>, string]>([
    ['has no tarball in the cache', { integrity: `sha512-${'A'.repeat(86)}==` }, 'no-tarball'],
    ['has no integrity, as from git', { resolved: 'git+ssh://x' }, 'no-integrity'],
    ['has only SHA-1', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, 'no-integrity'],
    [
      'has an integrity that is a path',
      { integrity: `sha512-${'../'.repeat(28)}..==` },
      'no-integrity',
    ],
    ['has an integrity that is no text', { integrity: { toString: 1 } }, 'no-integrity'],
    ['is null in the lockfile', null as never, 'no-integrity'],
    ['the application bundles, without an integrity', { inBundle: true }, 'no-integrity'],
  ])('refuses the files of a package that %s', async (_name, entry, refusal) => {
    const installed = install({ 'node_modules/@s/ms': entry });
    const { status, refused, sealed } = await seal(installed);
    const paths = ['node_modules/@s/ms/index.js', `node_modules/@s/ms/${long}`];
    expect(refused).toEqual(paths.map((path) => ({ path, refusal })));
    expect({ status, sealed }).toEqual({ status: 1, sealed: 3 });
  });

  it('takes what the application bundles for packages of the registry', async () => {
    const lockfile = (root: string): string => join(root, 'package-lock.json');
    const installed = install();
    const text = readFileSync(lockfile(installed.root), 'utf8');
    const bundled = text.replaceAll('"version"', '"inBundle":true,"version"');
    writeFileSync(lockfile(installed.root), bundled);
    appendFileSync(join(installed.root, inMs), ' ');
    expect(await seal(installed)).toMatchObject({
      status: 1,
      sealed: 4,
      refused: [{ path: inMs, refusal: 'replaced' }],
    });
  });

  it('takes no node_modules folder for the application’s own, whatever the lockfile says', async () => {
    const folders = { node_modules: {}, 'packages/a/node_modules': {} };
    const installed = install(folders);
    const paths = ['node_modules/evil/x.js', 'packages/a/node_modules/evil/x.js'];
    for (const path of paths) tree({ [path]: '' }, installed.root);
    const { status, refused } = await seal(installed);
    expect(refused).toEqual(paths.map((path) => ({ path, refusal: 'no-integrity' })));
    expect(status).toBe(1);
  });

  it('reads a lockfile with a byte order mark', async () => {
    const installed = install();
    const file = join(installed.root, 'package-lock.json');
    writeFileSync(file, `\uFEFF${readFileSync(file, 'utf8')}`);
    expect(await seal(installed)).toMatchObject({ status: 0, sealed: 5 });
  });

  it('does not trust the cache', async () => {
    const installed = install();
    const { stdout } = spawnSync('find', [installed.cache, '-type', 'f'], { encoding: 'utf8' });
    for (const file of stdout.trim().split('\n')) appendFileSync(file, 'x');
    expect(await seal(installed)).toMatchObject({ status: 1, sealed: 1 });
    expect(modes(installed.root)).toMatchObject({ 'own.js': '0755', [inMs]: '0644' });
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '{', /it is not JSON/],
    [
      'of version 1',
      '{"lockfileVersion":1,"dependencies":{}}',
      /not a lockfile of npm with a list/,
    ],
    ['null', 'null', /not a lockfile/],
    ['a list in its prototype', '{"__proto__":{"packages":{"":{}}}}', /not a lockfile/],
  ])('seals nothing for a lockfile that is, or has, %s', async (_name, text, says) => {
    const { root } = install();
    const file = join(temporary(), 'lock');
    writeFileSync(file, text);
    const { status, stderr } = await mayexec(['seal', root, '--lockfile', file]);
    expect(stderr).toMatch(says);
    expect(status).toBe(2);
    expect(modes(root)['own.js']).toBe('0644');
  });

  it('seals nothing for a lockfile that is endless', async () => {
    const { root } = install();
    const { status, stderr } = await mayexec(['seal', root, '--lockfile', '/dev/zero']);
    expect(stderr).toBe('mayexec: /dev/zero: it has more than 256 MiB\n');
    expect(status).toBe(2);
  });
});
