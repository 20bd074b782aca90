import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { command } from '../support/built.js';
import { mayexec, modes, spawned, temporary, tree, type Files } from './run.js';

const sha256 = (text: string): string => hash('sha256', text);

const application: Files = {
  'package.json': '{"name":"app","version":"1.0.0","main":"entry.es6"}',
  'entry.es6': 'entry',
  'b.js': 'b',
  'a/c.mjs': 'c',
  'a.js': 'a',
  cli: ['#!/usr/bin/env node\n', 0o755],
  'data.json': '{}',
  'readme.md': '',
  'node_modules/@s/p/package.json': '{"name":"@s/p","version":"2.1.0"}',
  'node_modules/@s/p/lib/x.cjs': 'x',
  'node_modules/@s/p/lib/package.json': '{"type":"commonjs"}',
  'node_modules/q/q.js': 'q',
};

/** The code of the application, in the manifest's order. */
const CODE = [
  'a.js',
  'a/c.mjs',
  'b.js',
  'cli',
  'entry.es6',
  'node_modules/@s/p/lib/x.cjs',
  'node_modules/q/q.js',
];

const extensions = (...list: string[]): string[] => list.flatMap((word) => ['--ext', word]);

/** A manifest of a tree, outside of it. */
async function manifestOf(root: string, ...options: string[]): Promise<string> {
  const file = join(temporary(), 'app.mayexec.json');
  const { status, stderr } = await mayexec(['manifest', root, '--out', file, ...options]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return file;
}

interface Verified {
  status: number | null;
  stderr: string;
  files: number;
  same: number;
  different: { path: string; difference: string; package?: string }[];
  missing: { path: string; package?: string }[];
  new: { path: string; executable: boolean; package?: string }[];
  links: string[];
  unexamined: { path: string; errno: string }[];
}

async function verify(root: string, manifest: string): Promise<Verified> {
  const result = await mayexec(['verify', '--json', '--manifest', manifest, root]);
  return { ...(JSON.parse(result.stdout) as Verified), ...result };
}

describe('manifest', () => {
  it('has each file of code, its SHA-256, its x and its package, in the order of the bytes', async () => {
    const file = await manifestOf(tree(application));
    const { mayexecManifest, files } = JSON.parse(readFileSync(file, 'utf8')) as {
      mayexecManifest: number;
      files: Record<string, string>[];
    };
    expect(mayexecManifest).toBe(1);
    expect(files.map(({ path }) => path)).toEqual(CODE);
    expect(files[0]).toEqual({
      path: 'a.js',
      sha256: sha256('a'),
      mode: '0644',
      package: 'app@1.0.0',
    });
    expect(files[3]).toMatchObject({ path: 'cli', mode: '0755' });
    expect(files.slice(5).map((entry) => entry['package'])).toEqual(['@s/p@2.1.0', 'q']);
  });

  it('takes the extensions of other languages with --ext, and verify knows them', async () => {
    const root = tree({ 'a.lua': '', 'b.fnl': '', 'c.txt': '' });
    const file = await manifestOf(root, ...extensions('lua', 'fnl'));
    expect(await manifestOf(root, ...extensions('fnl', 'lua')).then(readText)).toBe(readText(file));
    writeFileSync(join(root, 'd.lua'), '');
    expect(await verify(root, file)).toMatchObject({ same: 2, new: [{ path: 'd.lua' }] });
  });

  it('has the same bytes for another copy, user, umask and time, and holds no name of the place', async () => {
    const root = tree(application);
    const file = await manifestOf(root);
    const copy = join(temporary(), 'elsewhere');
    spawnSync('sh', [
      '-c',
      'umask 077; cp -r "$1" "$2"; touch -d 2001-01-01 "$2/a.js"',
      'sh',
      root,
      copy,
    ]);
    spawnSync('chown', ['-R', '1000:1000', copy]);
    expect(modes(copy)['a.js']).toBe('0600');
    const other = await manifestOf(copy);
    expect(readFileSync(other)).toEqual(readFileSync(file));
    expect(readText(file)).not.toContain(root);
  });

  it('goes to standard output with --out -', async () => {
    const root = tree(application);
    const { status, stdout } = await mayexec(['manifest', root, '--out', '-']);
    expect(status).toBe(0);
    expect(stdout).toBe(readText(await manifestOf(root)));
  });

  it('is no code itself, wherever it lies and whatever it is called', async () => {
    const root = tree(application);
    const file = join(root, 'manifest.js');
    for (const expected of [7, 7]) {
      const { stdout } = await mayexec(['manifest', root, '--out', file]);
      expect(stdout).toContain(`${expected} files of code`);
    }
    expect(await verify(root, file)).toMatchObject({ status: 0, same: 7, new: [] });
  });

  it('replaces an older one, and goes through a link to it', async () => {
    const root = tree({ 'a.js': '' });
    const folder = temporary();
    writeFileSync(join(folder, 'real'), 'old');
    symlinkSync('real', join(folder, 'link'));
    await mayexec(['manifest', root, '--out', join(folder, 'link')]);
    expect(readText(join(folder, 'real'))).toContain('"a.js"');
    expect(readdirSync(folder).sort()).toEqual(['link', 'real']);
  });

  it('is not written where it cannot be whole, and nothing is left of it', async () => {
    const root = tree({ 'a.js': '' });
    const folder = tree({ 'old.json': 'old' });
    const small = 'ulimit -f 0; trap "" XFSZ; exec "$@"';
    const { status } = spawnSync('sh', [
      '-c',
      small,
      'sh',
      process.execPath,
      command,
      'manifest',
      root,
      '--out',
      join(folder, 'old.json'),
    ]);
    expect(status).toBe(2);
    expect(readdirSync(folder)).toEqual(['old.json']);
    expect(readText(join(folder, 'old.json'))).toBe('old');
    expect((await mayexec(['manifest', root, '--out', '/dev/full'])).status).toBe(2);
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });

  it('is not written when a file cannot be read', () => {
    const root = tree({ 'a.js': '', 'b.js': ['', 0o600] });
    chmodSync(root, 0o777);
    const result = spawned(['manifest', root, '--out', join(root, 'm.json')], { uid: 1000 });
    expect(result.status).toBe(2);
    expect(result.stderr).toContain('b.js: could not be examined (EACCES)');
    expect(existsSync(join(root, 'm.json'))).toBe(false);
  });

  it('is written, with status 1, when a link leads to code elsewhere', async () => {
    const root = tree({ 'a.js': '' });
    symlinkSync(tree({ 'x.js': '' }), join(root, 'out'));
    const { status, stderr } = await mayexec(['manifest', root, '--out', '-']);
    expect(status).toBe(1);
    expect(stderr).toContain('out: a symbolic link that leaves the tree');
  });
});

describe('verify', () => {
  it.each<[string, (root: string) => void, Partial<Verified>]>([
    ['nothing', () => undefined, { status: 0, same: 7 }],
    [
      'nothing, after seal',
      (root) => {
        spawned(['seal', root]);
      },
      { status: 0, same: 7 },
    ],
    [
      'a file that holds something else of the same length',
      (root) => {
        writeFileSync(join(root, 'a.js'), 'A');
      },
      { status: 1, different: [{ path: 'a.js', package: 'app@1.0.0', difference: 'content' }] },
    ],
    [
      'a file that has lost x',
      (root) => {
        chmodSync(join(root, 'cli'), 0o644);
      },
      { status: 1, different: [{ path: 'cli', package: 'app@1.0.0', difference: 'mode' }] },
    ],
    [
      'a file that is gone',
      (root) => {
        rmSync(join(root, 'node_modules/q'), { recursive: true });
      },
      { status: 1, missing: [{ path: 'node_modules/q/q.js', package: 'q' }] },
    ],
    [
      'a file behind what is no directory any more',
      (root) => {
        rmSync(join(root, 'a'), { recursive: true });
        writeFileSync(join(root, 'a'), '');
      },
      { status: 1, missing: [{ path: 'a/c.mjs', package: 'app@1.0.0' }] },
    ],
    [
      'a new file, and one with x',
      (root) => {
        tree({ 'node_modules/q/new.js': '', 'z.js': ['', 0o755] }, root);
      },
      {
        status: 1,
        new: [
          { path: 'node_modules/q/new.js', package: 'q', executable: false },
          { path: 'z.js', package: 'app@1.0.0', executable: true },
        ],
      },
    ],
    [
      'a symbolic link to the same text',
      (root) => {
        renameSync(join(root, 'a.js'), join(root, 'data'));
        symlinkSync('data', join(root, 'a.js'));
      },
      { status: 1, different: [{ path: 'a.js', package: 'app@1.0.0', difference: 'not-regular' }] },
    ],
    [
      'a file behind a symbolic link',
      (root) => {
        renameSync(join(root, 'a'), join(root, 'd'));
        symlinkSync('d', join(root, 'a'));
      },
      {
        status: 1,
        different: [{ path: 'a/c.mjs', package: 'app@1.0.0', difference: 'not-regular' }],
        new: [{ path: 'd/c.mjs', package: 'app@1.0.0', executable: false }],
      },
    ],
    [
      'a fifo in the place of a file',
      (root) => {
        rmSync(join(root, 'a.js'));
        spawnSync('mkfifo', [join(root, 'a.js')]);
      },
      { status: 1, different: [{ path: 'a.js', package: 'app@1.0.0', difference: 'not-regular' }] },
    ],
    [
      'nothing of a file that a package.json does not name any more',
      (root) => {
        writeFileSync(join(root, 'package.json'), '{"name":"app","version":"1.0.0"}');
      },
      { status: 0, same: 7 },
    ],
    [
      'a link that leaves the tree',
      (root) => {
        symlinkSync('/usr/lib', join(root, 'lib'));
      },
      { status: 1, same: 7, links: ['lib'] },
    ],
  ])('finds %s', async (_name, change, expected) => {
    const root = tree(application);
    const file = await manifestOf(root);
    change(root);
    const nothing = { different: [], missing: [], new: [], links: [], unexamined: [] };
    expect(await verify(root, file)).toMatchObject({ ...nothing, ...expected });
  });

  it('finds nothing in another copy, by another user', async () => {
    const root = tree(application);
    const file = await manifestOf(root);
    const copy = join(temporary(), 'copy');
    cpSync(root, copy, { recursive: true });
    chownSync(join(copy, 'a.js'), 1000, 1000);
    chmodSync(join(copy, 'b.js'), 0o600);
    expect(await verify(copy, file)).toMatchObject({ status: 0, same: 7 });
  });

  it('tells a person what differs, twenty files unless --all, and its names forge no lines', async () => {
    const root = tree({ 'a\nb\u001b[2K.js': '' });
    const file = await manifestOf(root);
    writeFileSync(join(root, 'a\nb\u001b[2K.js'), 'x');
    for (let i = 0; i < 30; i++) writeFileSync(join(root, `${i}.js`), '');
    const { stdout } = await mayexec(['verify', '--manifest', file, root]);
    expect(stdout).toContain('1 differs, 0 missing, 30 new; 0 files of code');
    expect(stdout).toContain('differs  a\\u{a}b\\u{1b}[2K.js');
    expect(stdout).toContain('and 11 other files; --all lists every one');
    const all = await mayexec(['verify', '--all', '--manifest', file, root]);
    expect(all.stdout.match(/^new /gm)).toHaveLength(30);
  });

  it('says no all-clear where a link leaves the tree', async () => {
    const root = tree({ 'a.js': '' });
    const file = await manifestOf(root);
    symlinkSync('/usr', join(root, 'out'));
    const { status, stdout } = await mayexec(['verify', '--manifest', file, root]);
    expect(stdout).toMatch(/^nothing found, but not all was read: 1 file of code/);
    expect(status).toBe(1);
  });

  it('reads the manifest from standard input', async () => {
    const root = tree(application);
    const input = readFileSync(await manifestOf(root));
    const { status, stdout } = spawned(['verify', '--manifest', '-', root], { input });
    expect(stdout).toContain('nothing differs: 7 files of code');
    expect(status).toBe(0);
  });

  it('has names that are not UTF-8', async () => {
    const root = temporary();
    writeFileSync(Buffer.from(`${root}/\xff.js`, 'latin1'), '');
    const file = await manifestOf(root);
    expect(await verify(root, file)).toMatchObject({ status: 0, same: 1 });
  });
});

describe('seal --manifest', () => {
  const seal = async (
    root: string,
    file: string,
    ...options: string[]
  ): Promise<{ status: number | null; stderr: string } & Record<string, unknown>> => {
    const result = await mayexec(['seal', '--json', '--manifest', file, ...options, root]);
    return { ...(JSON.parse(result.stdout) as Record<string, unknown>), ...result };
  };

  it('gives x to what is in it, whatever its name, and to nothing else', async () => {
    const root = tree(application);
    const file = await manifestOf(root);
    const copy = join(temporary(), 'copy');
    cpSync(root, copy, { recursive: true });
    tree({ 'evil.js': '', 'node_modules/q/evil.js': '', 'package.json': '{}' }, copy);
    expect(await seal(copy, file)).toMatchObject({ status: 0, sealed: 6, already: 1, refused: [] });
    const sealed = Object.entries(modes(copy)).filter(([, mode]) => mode === '0755');
    expect(sealed.map(([path]) => path).sort()).toEqual(CODE);
    expect(await verify(copy, file)).toMatchObject({
      same: 7,
      new: [{ path: 'evil.js' }, { path: 'node_modules/q/evil.js' }],
    });
    expect((await mayexec(['seal', '--undo', copy])).status).toBe(0);
    expect(modes(copy)['a.js']).toBe('0644');
  });

  it.each<[string, (root: string) => void, { path: string; refusal: string }]>([
    [
      'holds something else',
      (root) => {
        writeFileSync(join(root, 'a.js'), 'A');
      },
      { path: 'a.js', refusal: 'replaced' },
    ],
    [
      'holds something else and has x',
      (root) => {
        writeFileSync(join(root, 'cli'), 'A');
      },
      { path: 'cli', refusal: 'replaced' },
    ],
    [
      'is missing',
      (root) => {
        rmSync(join(root, 'a.js'));
      },
      { path: 'a.js', refusal: 'missing' },
    ],
    [
      'may be written by others',
      (root) => {
        chmodSync(join(root, 'a.js'), 0o646);
      },
      { path: 'a.js', refusal: 'writable' },
    ],
    [
      'is a directory',
      (root) => {
        rmSync(join(root, 'a.js'));
        mkdirSync(join(root, 'a.js'));
      },
      { path: 'a.js', refusal: 'not-regular' },
    ],
  ])('names, with status 1, a file that %s', async (_name, change, refusal) => {
    const root = tree(application);
    const file = await manifestOf(root);
    change(root);
    const before = modes(root)[refusal.path];
    for (const options of [['--dry-run'], []]) {
      expect(await seal(root, file, ...options)).toMatchObject({ status: 1, refused: [refusal] });
    }
    expect(modes(root)).toMatchObject({ 'b.js': '0755' });
    expect(modes(root)[refusal.path]).toBe(before);
  });

  it('follows no link in the tree, and seals nothing outside', async () => {
    const root = tree({ 'dir/a.js': 'a', 'b.js': 'b' });
    const file = await manifestOf(root);
    const outside = tree({ 'a.js': 'a', 'b.js': 'b' });
    rmSync(join(root, 'dir'), { recursive: true });
    rmSync(join(root, 'b.js'));
    symlinkSync(outside, join(root, 'dir'));
    symlinkSync(join(outside, 'b.js'), join(root, 'b.js'));
    expect(await seal(root, file)).toMatchObject({ status: 2, sealed: 0 });
    expect(modes(outside)).toEqual({ 'a.js': '0644', 'b.js': '0644' });
  });

  it('gives no x to a file of two names that hold what only one of them may', async () => {
    const root = tree({ 'a.js': 'a', 'b.js': 'b' });
    const file = await manifestOf(root);
    rmSync(join(root, 'b.js'));
    linkSync(join(root, 'a.js'), join(root, 'b.js'));
    for (const options of [['--dry-run'], [], ['--allow-hard-links']]) {
      expect(await seal(root, file, ...options)).toMatchObject({
        status: 1,
        sealed: 0,
        already: 0,
        planned: [],
        refused: [
          { path: 'a.js', refusal: 'other-name' },
          { path: 'b.js', refusal: 'replaced' },
        ],
      });
    }
    expect(modes(root)['a.js']).toBe('0644');
  });

  it.each(['--undo', '--ext=.lua', '--from-audit=log'])(
    'is not for use with %s',
    async (option) => {
      const root = tree({ 'a.js': '' });
      const { status, stderr } = await mayexec(['seal', '--manifest', 'm', option, root]);
      expect(status).toBe(2);
      expect(stderr).toContain('--manifest');
    },
  );
});

describe('a manifest that nobody should trust', () => {
  const line = (fields: Record<string, unknown>): string =>
    JSON.stringify({ sha256: sha256('a'), mode: '0644', ...fields });
  const whole = (...lines: string[]): string =>
    `{"mayexecManifest":1,"extensions":[],"files":[\n${lines.join(',\n')}\n]}\n`;
  const one = (path: string): string =>
    whole(`{"path":${JSON.stringify(path)},"sha256":"${sha256('a')}","mode":"0644"}`);
  const good = one('a.js');

  it('is taken when it is good', async () => {
    const root = tree({ 'a.js': 'a' });
    writeFileSync(join(root, 'm'), good);
    expect((await verify(root, join(root, 'm'))).status).toBe(0);
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['a path that leaves the directory', one('../a.js'), /file 1 has no path beneath.*\.\.\/a\.js/],
    ['a path that comes back', one('x/../a.js'), /no path beneath/],
    ['a path with a dot', one('./a.js'), /no path beneath/],
    ['an absolute path', one('/etc/passwd'), /no path beneath/],
    ['an empty path', one(''), /no path beneath/],
    ['a path that ends with a slash', one('a.js/'), /no path beneath/],
    ['two slashes', one('b//a.js'), /no path beneath/],
    ['a NUL', one('a.js\0.txt'), /no path beneath.*a\.js\\u\{0\}/],
    ['a path that is too long', one('a/'.repeat(3000)), /no path beneath.*…/],
    ['no path', whole(line({})), /no path beneath/],
    ['a path that is a number', whole(line({ path: 7 })), /no path beneath/],
    ['a file that is null', whole('null'), /file 1 has no path/],
    [
      'a file twice',
      whole(one('a.js').split('\n')[1] ?? '', one('a.js').split('\n')[1] ?? ''),
      /a file twice: a\.js/,
    ],
    [
      'files in another order',
      whole(...['b.js', 'a.js'].map((path) => one(path).split('\n')[1] ?? '')),
      /not in order/,
    ],
    ['a digest that is none', good.replace(sha256('a'), 'ff'), /file 1 has no SHA-256: a\.js/],
    ['a digest in capitals', good.replace(sha256('a'), sha256('a').toUpperCase()), /no SHA-256/],
    ['another mode', good.replace('0644', '4755'), /not in the exact form/],
    [
      'a key twice',
      good.replace('"mode"', '"path":"b.js","mode"'),
      /not in the exact form|no path/,
    ],
    [
      '__proto__ in a file',
      good.replace('"mode"', '"__proto__":{"mode":"0755"},"mode"'),
      /not in the exact form/,
    ],
    [
      '__proto__ about the files',
      good.replace('{"mayexec', '{"__proto__":{"files":[]},"mayexec'),
      /not in the exact form/,
    ],
    [
      'only a prototype',
      '{"__proto__":{"mayexecManifest":1,"extensions":[],"files":[]}}',
      /not a manifest of mayexec/,
    ],
    [
      'a key that is not known',
      good.replace('"mode"', '"owner":"root","mode"'),
      /not in the exact form/,
    ],
    [
      'a path in base64 that is text',
      whole(`{"pathBase64":"YS5qcw==","sha256":"${sha256('a')}","mode":"0644"}`),
      /not in the exact form/,
    ],
    [
      'a path in base64 that leaves the directory',
      whole(`{"pathBase64":"Li4v/w==","sha256":"${sha256('a')}","mode":"0644"}`),
      /no path beneath/,
    ],
    [
      'bytes that are not UTF-8',
      Buffer.from(good.replace('a.js', '\xff.js'), 'latin1'),
      /not in the exact form/,
    ],
    ['more after its end', `${good}{}`, /not JSON, or was truncated/],
    ['a part of it only', good.slice(0, -20), /not JSON, or was truncated/],
    ['nothing in it', '', /not JSON, or was truncated/],
    ['no line end', good.trimEnd(), /not in the exact form/],
    ['another version', good.replace(':1,', ':2,'), /version 2, and this mayexec knows version 1/],
    [
      'a version that is text',
      good.replace(':1,', ':"\\u001b[2K",'),
      /version "\\u\{1b\}|version "\\u001b/,
    ],
    [
      'no files',
      '{"mayexecManifest":1,"extensions":[]}',
      /no list of extensions or no list of files/,
    ],
    [
      'files that are no list',
      '{"mayexecManifest":1,"extensions":[],"files":{"length":1}}',
      /no list/,
    ],
    ['extensions that are no text', good.replace('[]', '[7]'), /no list of extensions/],
    ['another JSON', '{"name":"app"}', /not a manifest of mayexec/],
    ['null', 'null', /not a manifest of mayexec/],
    ['a million brackets', '['.repeat(1_000_000), /not JSON/],
  ])('is refused for %s, and nothing is sealed', async (_name, text, says) => {
    const base = tree({ 'root/a.js': 'a', 'a.js': 'a' });
    const root = join(base, 'root');
    const file = join(base, 'm.json');
    writeFileSync(file, text);
    for (const command of ['seal', 'verify']) {
      const { status, stderr, stdout } = await mayexec([command, '--manifest', file, root]);
      expect(stderr).toMatch(says);
      expect(stderr.split('\n')).toHaveLength(2);
      expect(stderr).toContain(file);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    }
    expect(modes(base)).toMatchObject({ 'a.js': '0644', 'root/a.js': '0644' });
  });

  it('forges no line by a name in it', async () => {
    const file = join(temporary(), 'm');
    writeFileSync(file, one('../\nmayexec: all is well\u001b[2K'));
    const { stderr } = await mayexec(['seal', '--manifest', file, temporary()]);
    expect(stderr).toContain('../\\u{a}mayexec: all is well\\u{1b}[2K');
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it.each([
    ['is endless', '/dev/zero', /more than 256 MiB/],
    ['is a directory', '/etc', /EISDIR/],
    ['is not there', '/nowhere', /ENOENT/],
  ])('is refused when it %s', (_name, file, says) => {
    const { status, stderr } = spawned(['verify', '--manifest', file, temporary()]);
    expect(stderr).toMatch(says);
    expect(status).toBe(2);
  });
});

function readText(file: string): string {
  return readFileSync(file, 'utf8');
}
