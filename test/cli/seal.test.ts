import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { command, preload } from '../support/built.js';
import { journalOf as journalOfPath } from '../../src/cli/seal/journal-place.js';
import { nodeBinary } from '../preload/versions.js';
import { withPrograms } from '../support/other-programs.js';
import {
  mayexec,
  modes,
  onTerminal,
  spawned,
  temporary,
  tree,
  type Files,
  type Result,
} from './run.js';

const node = '#!/usr/bin/env node\n';
/** Where the journal of a tree is. */
const journalOf = (root: string): string => journalOfPath(realpathSync(root));

function writeJournal(root: string, text: string, mode = 0o600): void {
  const file = journalOf(root);
  tree({ [basename(file)]: [text, mode] }, dirname(file));
}

interface Sealed {
  planned: string[];
  sealed: number;
  already: number;
  unread: number;
  outside: number;
  missing: string[];
  refused: { path: string; refusal: string; errno?: string }[];
  links: string[];
}

async function seal(
  root: string,
  ...options: string[]
): Promise<Sealed & { status: number | null; stderr: string }> {
  const { stdout, stderr, status } = await mayexec(['seal', '--json', ...options, root]);
  return { ...(JSON.parse(stdout) as Sealed), status, stderr };
}

describe('what seal changes', () => {
  it('exactly the code: x for whoever has r', async () => {
    const files: Files = {
      'a.js': '',
      'b.mjs': ['', 0o600],
      'c.cjs': ['', 0o640],
      'd.node': ['', 0o444],
      'e.js': ['', 0o755],
      'lib/f.ts': ['', 0o604],
      'lib/f.d.ts': '',
      cli: node,
      sh: '#!/bin/sh\n',
      'data.json': '{}',
      'readme.md': '',
      'package.json': '{"main":"entry.es6"}',
      'entry.es6': '',
    };
    const root = tree(files);
    expect(await seal(root)).toMatchObject({ status: 0, sealed: 7, already: 1, refused: [] });
    expect(modes(root)).toEqual({
      'a.js': '0755',
      'b.mjs': '0700',
      'c.cjs': '0750',
      'd.node': '0555',
      'e.js': '0755',
      'lib/f.ts': '0705',
      'lib/f.d.ts': '0644',
      cli: '0755',
      sh: '0644',
      'data.json': '0644',
      'readme.md': '0644',
      'package.json': '0644',
      'entry.es6': '0755',
    });
    expect((await mayexec(['scan', root])).status).toBe(0);
  });

  it('the scripts of another language with --ext, each once', async () => {
    const files: Files = {
      'a.lua': '',
      'b.js': '',
      'c.txt': '',
      run: node,
      'package.json': '{"main":"a.lua"}',
    };
    const root = tree(files);
    const sealed = { status: 0, sealed: 3, already: 0, refused: [] };
    expect(await seal(root, '--ext', '.lua')).toMatchObject(sealed);
    expect(modes(root)).toMatchObject({
      'a.lua': '0755',
      'b.js': '0755',
      'c.txt': '0644',
      run: '0755',
    });
    expect((await mayexec(['scan', '--ext', '.lua', root])).status).toBe(0);
    expect((await mayexec(['seal', '--undo', root])).status).toBe(0);
    expect(modes(root)).toMatchObject({ 'a.lua': '0644', 'b.js': '0644', run: '0644' });
  });

  it.each(['--undo', '--from-audit=log'])('nothing for --ext with %s', async (option) => {
    const root = tree({ 'a.lua': '' });
    const { status, stderr } = await mayexec(['seal', '--ext', '.lua', option, root]);
    expect(status).toBe(2);
    expect(stderr).toContain('--ext');
    expect(modes(root)).toEqual({ 'a.lua': '0644' });
  });

  it('nothing with --dry-run, which names each file', async () => {
    const root = tree({ 'a.js': '', 'b.js': ['', 0o755], 'c.js': '' });
    const before = modes(root);
    expect(await seal(root, '--dry-run')).toMatchObject({
      planned: ['a.js', 'c.js'],
      sealed: 0,
      already: 1,
    });
    expect((await mayexec(['seal', '-n', root])).stdout).toMatch(
      /^would seal a\.js\nwould seal c\.js\n2 files would be sealed/,
    );
    expect(modes(root)).toEqual(before);
  });

  it('nothing a second time, and writes no journal for it', async () => {
    const root = tree({ 'a.js': ['', 0o755] });
    expect(await seal(root)).toMatchObject({ status: 0, sealed: 0, already: 1 });
    expect(existsSync(journalOf(root))).toBe(false);
  });

  it.each<[string, number, string[], string]>([
    ['a file that its group may write is refused', 0o664, [], 'writable'],
    ['a file that everyone may write is refused', 0o646, [], 'writable'],
    ['--allow-writable does not allow a setuid file', 0o4644, ['--allow-writable'], 'setuid'],
    ['a setgid file is refused', 0o2644, [], 'setuid'],
  ])('%s', async (_name, mode, options, refusal) => {
    const root = tree({ 'a.js': ['', mode], 'b.js': '' });
    expect(await seal(root, ...options)).toMatchObject({
      status: 1,
      sealed: 1,
      refused: [{ path: 'a.js', refusal }],
    });
    expect(statSync(join(root, 'a.js')).mode & 0o7777).toBe(mode);
  });

  it('names ten files of a kind, and how many more there are', async () => {
    const root = tree(
      Object.fromEntries([...Array(25).keys()].map((i) => [`${i}.js`, ['', 0o666]])),
    );
    const { stderr } = await mayexec(['seal', root]);
    expect(stderr.match(/\.js: its group or others may write it/g)).toHaveLength(10);
    expect(stderr).toContain('and 15 other files: its group or others may write it');
  });

  it('a file that others may write with --allow-writable', async () => {
    const root = tree({ 'a.js': ['', 0o666] });
    expect(await seal(root, '--allow-writable')).toMatchObject({ status: 0, sealed: 1 });
    expect(modes(root)['a.js']).toBe('0777');
  });

  it('no file that has another name outside the tree, unless hard links are allowed', async () => {
    const outside = tree({ 'a.js': '' });
    const root = temporary();
    linkSync(join(outside, 'a.js'), join(root, 'a.js'));
    expect(await seal(root)).toMatchObject({
      status: 1,
      sealed: 0,
      refused: [{ path: 'a.js', refusal: 'hard-link' }],
    });
    expect(modes(outside)['a.js']).toBe('0644');
    expect(await seal(root, '--allow-hard-links')).toMatchObject({ status: 0, sealed: 1 });
    expect(modes(outside)['a.js']).toBe('0755');
  });

  it('a file once whose names are all code in the tree', async () => {
    const root = tree({ 'a.js': '' });
    linkSync(join(root, 'a.js'), join(root, 'b.js'));
    expect(await seal(root)).toMatchObject({ status: 0, sealed: 1, already: 1, refused: [] });
    // Each name is in the journal: one may go.
    rmSync(join(root, 'a.js'));
    expect((await mayexec(['seal', '--undo', root])).status).toBe(0);
    expect(modes(root)).toEqual({ 'b.js': '0644' });
  });

  it('no file whose other name in the tree is no code', async () => {
    const root = tree({ 'a.js': '' });
    linkSync(join(root, 'a.js'), join(root, 'data.json'));
    expect(await seal(root)).toMatchObject({
      status: 1,
      sealed: 0,
      refused: [{ refusal: 'hard-link' }],
    });
  });

  it('nothing behind a symbolic link, and reports one that leaves the tree', async () => {
    const outside = tree({ 'a.js': '', 'deep/b.js': '' });
    const root = tree({ 'real/c.js': '' });
    symlinkSync(join(outside, 'a.js'), join(root, 'a.js'));
    symlinkSync(join(outside, 'deep'), join(root, 'deep'));
    symlinkSync('real', join(root, 'inside'));
    expect(await seal(root)).toMatchObject({ status: 1, sealed: 1, links: ['a.js', 'deep'] });
    expect(modes(outside)).toEqual({ 'a.js': '0644', 'deep/b.js': '0644' });
  });

  it.each(['', 'node_modules/p/lib/', 'node_modules/\xff/\xfe/'])(
    'names that are not UTF-8, and back, in %j',
    async (folder) => {
      const root = temporary();
      mkdirSync(Buffer.from(`${root}/${folder}`, 'latin1'), { recursive: true });
      const path = Buffer.from(`${root}/${folder}\xff.js`, 'latin1');
      writeFileSync(path, '');
      chmodSync(path, 0o640);
      expect(await seal(root)).toMatchObject({ sealed: 1 });
      expect(statSync(path).mode & 0o7777).toBe(0o750);
      expect((await mayexec(['seal', '--undo', root])).status).toBe(0);
      expect(statSync(path).mode & 0o7777).toBe(0o640);
    },
  );

  it('the files of an ordinary user, and fails on those of another', () => {
    const root = tree({ 'mine.js': '', 'theirs.js': '' });
    chmodSync(root, 0o777);
    chownSync(join(root, 'mine.js'), 1000, 1000);
    const result = spawnSync(process.execPath, [command, 'seal', '--json', root], {
      uid: 1000,
      gid: 1000,
      encoding: 'utf8',
      env: { ...process.env, XDG_STATE_HOME: join(root, 'state') },
    });
    expect(JSON.parse(result.stdout)).toMatchObject({
      sealed: 1,
      refused: [{ path: 'theirs.js', refusal: 'failed', errno: 'EPERM' }],
    });
    expect(result.status).toBe(2);
    expect(modes(root)).toMatchObject({ 'mine.js': '0755', 'theirs.js': '0644' });
  });
});

const sha256 = (text: string): string => hash('sha256', text);

describe('seal --from-audit', () => {
  it('takes logs without a record for no proof, with status 2', async () => {
    const root = tree({ 'a.js': '' });
    const log = join(tree({ log: '' }), 'log');
    const { status, stderr } = await mayexec(['seal', root, '--from-audit', log]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^mayexec: the logs have no record/);
  });
  const line = (root: string, path: string, held?: string): string =>
    `${JSON.stringify({
      allowed: false,
      denied: false,
      path: join(root, path),
      ...(held === undefined ? {} : { sha256: sha256(held) }),
    })}\n`;

  it('seals the files of the log that are in the tree, and counts the others', async () => {
    const root = realpathSync(tree({ 'a.js': 'a', 'b.js': '', 'tool.xyz': 't', 'd.json': '' }));
    const log = join(temporary(), 'log');
    writeFileSync(
      log,
      line(root, 'a.js', 'a') +
        line(root, 'd.json', '') +
        line(root, '../x.js', 'x') +
        line(root, 'gone.js', 'g') +
        line('/etc', 'hostname') +
        line(root, 'tool.xyz', 't'),
    );
    expect(await seal(root, '--from-audit', log)).toMatchObject({
      status: 0,
      planned: ['a.js', 'tool.xyz'],
      sealed: 2,
      unread: 0,
      outside: 2,
      missing: ['gone.js'],
      stderr: expect.stringContaining('1 file of the log not there any more: gone.js\n') as unknown,
    });
    expect(modes(root)).toMatchObject({
      'a.js': '0755',
      'b.js': '0644',
      'tool.xyz': '0755',
      'd.json': '0644',
    });
  });

  it('takes no name for another one that ends at its NUL, and goes on after names that no file has', async () => {
    const root = realpathSync(tree({ 'a.js': 'a', 'b.js': 'b' }));
    const log = join(temporary(), 'log');
    const names = ['a.js\0', 'a.js\0.txt', `${'x/'.repeat(5000)}a.js`, '\ud800'];
    const records = names.map((name) => {
      const path = `${root}/${name}`;
      return JSON.stringify({ allowed: true, denied: false, path, sha256: sha256('a') });
    });
    writeFileSync(log, `${records.join('\n')}\n${line(root, 'b.js', 'b')}`);
    const { stderr, sealed, refused } = await seal(root, '--from-audit', log);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(sealed).toBe(1);
    expect(refused.map(({ refusal }) => refusal)).toEqual(['failed', 'failed', 'failed']);
    expect(modes(root)).toEqual({ 'a.js': '0644', 'b.js': '0755' });
  });

  it('takes each content under every spelling of a path, in no more time than for one', async () => {
    const root = realpathSync(tree({ 'a.js': '10000' }));
    const log = join(temporary(), 'log');
    const records = Array.from({ length: 20_000 }, (_, i) => ({
      allowed: true,
      denied: false,
      path: `${root}/${i}/../a.js`,
      sha256: sha256(String(i)),
    }));
    writeFileSync(log, records.map((one) => `${JSON.stringify(one)}\n`).join(''));
    expect(await seal(root, '--from-audit', log)).toMatchObject({ status: 0, sealed: 1 });
  });

  it('says that the log is of another place when none of its files is there', async () => {
    const root = realpathSync(tree({ 'a.js': '' }));
    const log = join(temporary(), 'log');
    writeFileSync(log, line(root, 'release-1/a.js', ''));
    const { status, stderr } = await mayexec(['seal', root, '--from-audit', log]);
    expect(stderr).toContain('1 file of the log not there any more: release-1/a.js. Was it loaded');
    expect(status).toBe(1);
  });

  it('takes many logs, compressed ones among them, with the directory before or behind them', async () => {
    for (const behind of [false, true]) {
      const root = realpathSync(tree({ 'a.js': '', 'b.js': '', 'c.js': '' }));
      const logs = [join(temporary(), 'a.log'), join(temporary(), 'b.log.gz')];
      writeFileSync(logs[0] ?? '', line(root, 'a.js', ''));
      writeFileSync(logs[1] ?? '', gzipSync(line(root, 'b.js', '')));
      const words = ['--from-audit', ...logs];
      const { status } = await mayexec(['seal', ...(behind ? [...words, root] : [root, ...words])]);
      expect(status).toBe(0);
      expect(modes(root)).toMatchObject({ 'a.js': '0755', 'b.js': '0755', 'c.js': '0644' });
    }
  });

  it('says how many lines could not be read or were lost, with status 2, and seals the others', async () => {
    const root = realpathSync(tree({ 'a.js': '', 'b.js': '' }));
    const log = join(temporary(), 'log');
    const cutOff = line(root, 'b.js', '').slice(0, -10);
    writeFileSync(
      log,
      `not JSON\nnull\n{"path":7}\n{"dropped":2}\n${line(root, 'a.js', '')}${cutOff}`,
    );
    expect(await seal(root, '--from-audit', log)).toMatchObject({
      status: 2,
      planned: ['a.js'],
      unread: 6,
    });
  });

  it.each<[string, (path: string) => void, string]>([
    [
      'was rewritten in place, or got the same inode number',
      (path) => {
        writeFileSync(path, 'evil');
      },
      'replaced',
    ],
    [
      'has x already, and other text',
      (path) => {
        writeFileSync(path, 'evil');
        chmodSync(path, 0o755);
      },
      'replaced',
    ],
  ])('refuses, and names, a file that %s', async (_name, change, refusal) => {
    const root = realpathSync(tree({ 'a.js': 'a', 'b.js': 'b' }));
    const log = join(temporary(), 'log');
    writeFileSync(log, line(root, 'a.js', 'a') + line(root, 'b.js', 'b'));
    change(join(root, 'a.js'));
    const before = modes(root)['a.js'];
    expect(await seal(root, '--from-audit', log)).toMatchObject({
      status: 1,
      sealed: 1,
      refused: [{ path: 'a.js', refusal }],
    });
    expect(modes(root)).toMatchObject({ 'a.js': before, 'b.js': '0755' });
  });

  it('refuses a file of which the log does not say what it held', async () => {
    const root = realpathSync(tree({ 'a.js': '' }));
    const log = join(temporary(), 'log');
    writeFileSync(log, line(root, 'a.js'));
    expect(await seal(root, '--from-audit', log)).toMatchObject({
      status: 1,
      sealed: 0,
      refused: [{ path: 'a.js', refusal: 'unknown' }],
    });
  });

  it('seals each text that was loaded from a file, whichever came last', async () => {
    const log = join(temporary(), 'log');
    for (const held of ['one', 'two']) {
      const root = realpathSync(tree({ 'a.js': held }));
      writeFileSync(log, line(root, 'a.js', 'one') + line(root, 'a.js', 'two'));
      expect(await seal(root, '--from-audit', log)).toMatchObject({ status: 0, sealed: 1 });
    }
  });

  it.each([
    ['whose paths are those of another directory, by --audit-root', '/srv/other/app/lib/a.js'],
    ['whose paths are relative to the directory', 'lib/a.js'],
  ])('takes a log of another host %s', async (_name, path) => {
    const root = tree({ 'lib/a.js': 'a', 'lib/b.js': 'b' });
    const log = join(temporary(), 'log');
    writeFileSync(log, line('', path, 'a').replace('"/lib', '"lib'));
    const at = path.startsWith('/') ? ['--audit-root', '/srv/other/app'] : [];
    expect(await seal(root, '--from-audit', log, ...at)).toMatchObject({ status: 0, sealed: 1 });
    expect(modes(root)).toMatchObject({ 'lib/a.js': '0755', 'lib/b.js': '0644' });
  });

  it('seals the files that a real log names, but not those rewritten since', async () => {
    const root = realpathSync(tree({ 'a.cjs': 'require("./b.cjs")', 'b.cjs': '0', 'c.cjs': '' }));
    const log = join(temporary(), 'log');
    const env = { ...process.env, MAYEXEC_AUDIT_LOG: log };
    const args = ['--require', preload, join(root, 'a.cjs')];
    expect(spawnSync(nodeBinary(24), args, { env }).status).toBe(0);
    writeFileSync(join(root, 'b.cjs'), '1');
    expect(await seal(root, '--from-audit', log)).toMatchObject({
      status: 1,
      planned: ['a.cjs'],
      refused: [{ path: 'b.cjs', refusal: 'replaced' }],
    });
  });

  it('follows no link that the log names', async () => {
    const outside = tree({ 'a.js': '' });
    const root = realpathSync(temporary());
    symlinkSync(outside, join(root, 'dir'));
    const log = join(temporary(), 'log');
    writeFileSync(log, line(root, 'dir/a.js', ''));
    expect(await seal(root, '--from-audit', log)).toMatchObject({
      status: 2,
      refused: [{ refusal: 'failed', errno: 'ELOOP' }],
    });
    expect(modes(outside)['a.js']).toBe('0644');
  });
});

describe('seal --undo', () => {
  const undo = (root: string, ...options: string[]): Promise<Result> =>
    mayexec(['seal', '--undo', ...options, root]);

  it('restores every mode and takes the journal away', async () => {
    const root = tree({
      'a.js': '',
      'b/c.mjs': ['', 0o600],
      'd.js': ['', 0o744],
      'e.js': ['', 0o100],
    });
    const before = modes(root);
    expect((await seal(root)).sealed).toBe(3);
    expect(modes(root)).not.toEqual(before);
    expect((await undo(root, '--dry-run')).stdout).toMatch(/^3 files would be restored/);
    expect(await undo(root)).toMatchObject({ status: 0, stderr: '' });
    expect(modes(root)).toEqual(before);
  });

  it('restores the first modes after several seals', async () => {
    const root = tree({ 'a.js': '' });
    await seal(root);
    writeFileSync(join(root, 'b.js'), '');
    chmodSync(join(root, 'a.js'), 0o644);
    await seal(root);
    expect(readFileSync(journalOf(root), 'utf8').split('\n')).toHaveLength(3);
    expect((await undo(root)).status).toBe(0);
    expect(modes(root)).toEqual({ 'a.js': '0644', 'b.js': '0644' });
  });

  it('names the journal that fits when the directory was moved, and undoes by it', async () => {
    const root = tree({ 'app/moved.js': 'moved' });
    await seal(join(root, 'app'));
    const journal = journalOf(join(root, 'app'));
    const moved = join(root, "it's here");
    renameSync(join(root, 'app'), moved);
    const { status, stderr } = await undo(moved);
    expect(status).toBe(2);
    const quoted = `'${moved.replace("'", String.raw`'\''`)}'`;
    expect(stderr).toContain(`mayexec seal --undo --journal ${journal} ${quoted}\n`);
    expect(await undo(moved, '--journal', journal)).toMatchObject({ status: 0, stderr: '' });
    expect(modes(moved)).toEqual({ 'moved.js': '0644' });
  });

  it('names no journal of another directory that does not fit', async () => {
    await seal(tree({ 'a.js': 'something else' }));
    const { stderr } = await undo(tree({ 'a.js': ['no such text in a journal', 0o755] }));
    expect(stderr).not.toContain('fits');
  });

  it('uses the journal that --journal names', async () => {
    const root = tree({ 'a.js': '' });
    const journal = join(temporary(), 'journal');
    expect((await seal(root, '--journal', journal)).sealed).toBe(1);
    expect(existsSync(journalOf(root))).toBe(false);
    expect((await undo(root)).stderr).toMatch(/there is no such journal: nothing was sealed/);
    expect((await undo(root, '--journal', journal)).status).toBe(0);
    expect(existsSync(journal)).toBe(false);
    expect(modes(root)).toEqual({ 'a.js': '0644' });
  });

  it('restores the first release after an upgrade, a roll back and their seals', async () => {
    const root = tree({ 'a.js': 'one', 'b.js': 'same' });
    const put = (text: string): void => {
      rmSync(join(root, 'a.js'));
      writeFileSync(join(root, 'a.js'), text, { mode: 0o644 });
    };
    await mayexec(['seal', root]);
    put('two');
    await mayexec(['seal', root]);
    put('one');
    await mayexec(['seal', root]);
    const { status, stdout, stderr } = await mayexec(['seal', '--undo', root]);
    expect(stderr).toBe('');
    expect(stdout).toContain('2 files restored, 0 had their old mode, 0 gone or replaced');
    expect(status).toBe(0);
    expect(modes(root)).toEqual({ 'a.js': '0644', 'b.js': '0644' });
  });

  it('leaves alone a file whose mode somebody has changed since, and keeps the journal', async () => {
    const root = tree({ 'a.js': '', 'b.js': '' });
    await seal(root);
    chmodSync(join(root, 'a.js'), 0o700);
    expect(await undo(root)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('a.js: another process changed it') as string,
    });
    expect(modes(root)).toMatchObject({ 'a.js': '0700', 'b.js': '0644' });
    expect(existsSync(journalOf(root))).toBe(true);
  });

  it.each<[string, (root: string) => void, string]>([
    [
      'was moved within the tree',
      (root) => {
        mkdirSync(join(root, 'b'));
        renameSync(join(root, 'a.js'), join(root, 'b/c.txt'));
      },
      'b/c.txt: it was sealed under another name, and keeps x',
    ],
    [
      'was replaced by one that has x',
      (root) => {
        rmSync(join(root, 'a.js'));
        tree({ 'a.js': ['new', 0o755] }, root);
      },
      'a.js: it is not the file that was sealed',
    ],
    [
      'was rewritten in place',
      (root) => {
        writeFileSync(join(root, 'a.js'), 'new');
      },
      'a.js: it is not the file that was sealed',
    ],
    [
      'is the other one of the journal',
      (root) => {
        rmSync(join(root, 'a.js'));
        renameSync(join(root, 'z.js'), join(root, 'a.js'));
      },
      'a.js: it was sealed under another name',
    ],
  ])('does not end with 0 where a sealed file %s', async (_name, change, says) => {
    const root = tree({ 'a.js': 'a', 'z.js': 'z' });
    await seal(root);
    change(root);
    const before = modes(root);
    const { status, stderr } = await undo(root);
    expect(status).toBe(1);
    expect(stderr).toContain(says);
    expect(existsSync(journalOf(root))).toBe(true);
    const kept = Object.keys(before).filter((name) => name !== 'z.js');
    for (const name of kept) expect(modes(root)[name]).toBe(before[name]);
  });

  it('restores a copy of the tree on another file system, which has other inodes', async () => {
    const root = tree({ 'a.js': 'a' });
    const journal = join(temporary(), 'journal');
    await seal(root, '--journal', journal);
    const copy = join(temporary(), 'copy');
    cpSync(root, copy, { recursive: true });
    expect(await undo(copy, '--journal', journal)).toMatchObject({ status: 0, stderr: '' });
    expect(modes(copy)).toEqual({ 'a.js': '0644' });
  });

  it('ends with 0 where a sealed file is gone, or was replaced by one without x', async () => {
    const root = tree({ 'a.js': 'a', 'b.js': 'b', 'c.js': 'c' });
    await seal(root);
    rmSync(join(root, 'a.js'));
    tree({ 'new.js': 'new' }, root);
    renameSync(join(root, 'new.js'), join(root, 'b.js'));
    expect(await undo(root)).toMatchObject({ status: 0, stderr: '' });
    expect(modes(root)).toEqual({ 'b.js': '0644', 'c.js': '0644' });
  });

  it('ignores a last line without an end, which seal cuts off before it writes on', async () => {
    const root = tree({ 'a.js': '' });
    await seal(root);
    appendFileSync(journalOf(root), '{"path":"b.js","de');
    writeFileSync(join(root, 'c.js'), '');
    expect((await seal(root)).sealed).toBe(1);
    expect(readFileSync(journalOf(root), 'utf8')).not.toContain('b.js');
    appendFileSync(journalOf(root), '{"path":"b.js","de');
    expect((await undo(root)).status).toBe(0);
    expect(modes(root)).toEqual({ 'a.js': '0644', 'c.js': '0644' });
  });

  it.each([
    ['no JSON', 'nonsense'],
    [
      'a mode that seal never gives',
      `{"path":"a.js","sha256":"${'0'.repeat(64)}","from":"0644","to":"4755"}`,
    ],
    [
      'an old mode with more than permissions',
      `{"path":"a.js","sha256":"${'0'.repeat(64)}","from":"10644","to":"10755"}`,
    ],
    ['no file', `{"sha256":"${'0'.repeat(64)}","from":"0644","to":"0755"}`],
    ['a digest that is none', '{"path":"a.js","sha256":"1","from":"0644","to":"0755"}'],
  ])('refuses a journal with %s, and changes nothing', async (_name, line) => {
    const root = tree({ 'a.js': ['', 0o755] });
    writeJournal(root, `${line}\n`);
    expect(await undo(root)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('line 1') as string,
    });
    expect(modes(root)['a.js']).toBe('0755');
  });

  it('does not leave the tree by a path in the journal', async () => {
    const outside = tree({ 'a.js': ['', 0o755] });
    const root = temporary();
    const entries = [`../${outside.split('/').pop() ?? ''}/a.js`, join(outside, 'a.js')].map(
      (path) => JSON.stringify({ path, sha256: sha256(''), from: '0644', to: '0755' }),
    );
    writeJournal(root, `${entries.join('\n')}\n`);
    expect(await undo(root)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('EXDEV') as string,
    });
    expect(modes(outside)['a.js']).toBe('0755');
  });

  it.each<[string, (journal: string) => void]>([
    [
      'others may write',
      (journal) => {
        chmodSync(journal, 0o622);
      },
    ],
    [
      'belongs to somebody else',
      (journal) => {
        chownSync(journal, 1000, 1000);
      },
    ],
    [
      'has another name',
      (journal) => {
        linkSync(journal, `${journal}.too`);
      },
    ],
    [
      'is a symbolic link',
      (journal) => {
        renameSync(journal, `${journal}.too`);
        symlinkSync(`${journal}.too`, journal);
      },
    ],
    [
      'is a directory',
      (journal) => {
        rmSync(journal);
        tree({ 'x/y': '' }, journal);
      },
    ],
    [
      'is a pipe',
      (journal) => {
        rmSync(journal);
        spawnSync('mkfifo', [journal]);
      },
    ],
  ])('does not trust a journal that %s, and neither does seal', async (_name, spoil) => {
    const root = tree({ 'a.js': '' });
    await seal(root);
    spoil(journalOf(root));
    writeFileSync(join(root, 'b.js'), '');
    expect((await undo(root)).status).toBe(2);
    expect((await mayexec(['seal', root])).status).toBe(2);
    expect(modes(root)).toMatchObject({ 'a.js': '0755', 'b.js': '0644' });
  });

  withPrograms('script')(
    'tells on a terminal, too, that the journal cannot be used, and draws the bar away',
    async () => {
      const root = tree({ 'a.js': '' });
      writeJournal(root, '', 0o666);
      const lines = (await onTerminal(['seal', root])).trimEnd().split('\n');
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(`\u001b[2Kmayexec: ${journalOf(root)}: a journal must`);
      expect(modes(root)['a.js']).toBe('0644');
    },
  );

  withPrograms('script')('tells on a terminal how far it is', async () => {
    const names = Array.from({ length: 4000 }, (_, i) => `${i}.js`);
    const root = tree(Object.fromEntries(names.map((name) => [name, ''])));
    const output = await onTerminal(['seal', root]);
    expect(output).toMatch(/\d+\/4000 files/);
    expect(output.trimEnd().split('\n').at(-2)).toContain('4,000 files sealed');
  });

  it('leaves nothing in the tree', async () => {
    const root = tree({ 'a.js': '' });
    await seal(root);
    expect(readdirSync(root)).toEqual(['a.js']);
    expect(existsSync(journalOf(root))).toBe(true);
  });

  it('makes the same image of the same files, whenever and in whatever order they were written', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `d${i % 7}/f${i}.js`);
    const image = async (order: string[]): Promise<string[]> => {
      const root = tree(Object.fromEntries(order.map((name) => [name, name])));
      const journal = join(temporary(), 'journal');
      expect((await seal(root, '--journal', journal)).sealed).toBe(300);
      const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0'];
      const packed = spawnSync('tar', [...same, '-C', root, '-cf', '-', '.'], {
        maxBuffer: 1 << 28,
      });
      return [hash('sha256', packed.stdout), readFileSync(journal, 'utf8')];
    };
    const one = await image(names);
    const other = await image([...names].reverse());
    expect(one).toEqual(other);
  });

  it('says, the second time, that there is nothing left to undo, with status 2', async () => {
    const root = tree({ 'a.js': '' });
    await seal(root);
    expect((await undo(root)).status).toBe(0);
    const { status, stderr, stdout } = await undo(root);
    expect(stderr).toContain(
      `${journalOf(root)}: there is no such journal: nothing was sealed, or`,
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('has nothing to go by after --no-journal', async () => {
    const root = tree({ 'a.js': '' });
    const { status, stdout } = await mayexec(['seal', '--no-journal', root]);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: '1 file sealed, 0 had x already, 0 refused\n',
    });
    expect(modes(root)).toEqual({ 'a.js': '0755' });
    expect(existsSync(journalOf(root))).toBe(false);
    expect((await undo(root)).status).toBe(2);
    expect((await undo(root, '--no-journal')).stderr).toContain('--undo needs a journal');
  });

  it('makes the journal no longer when a deploy brings the same files without x', async () => {
    const root = tree({ 'a.js': '', 'b.js': '' });
    await seal(root);
    const before = readFileSync(journalOf(root), 'utf8');
    chmodSync(join(root, 'a.js'), 0o644);
    expect((await seal(root)).sealed).toBe(1);
    expect(readFileSync(journalOf(root), 'utf8')).toBe(before);
    expect((await undo(root)).status).toBe(0);
    expect(modes(root)).toEqual({ 'a.js': '0644', 'b.js': '0644' });
  });

  it.each<[string, number, NodeJS.ProcessEnv, RegExp]>([
    ['root by XDG_STATE_HOME', 0, { XDG_STATE_HOME: '/proc/x' }, /'\/proc\/x'/],
    ['a user by XDG_STATE_HOME', 1000, { XDG_STATE_HOME: '/proc/x' }, /'\/proc\/x'/],
    ['a user by HOME', 1000, { HOME: '/proc/h', XDG_STATE_HOME: '' }, /'\/proc\/h'/],
    [
      'a user by HOME, for a relative XDG_STATE_HOME',
      1000,
      { HOME: '/proc/h', XDG_STATE_HOME: 'x' },
      /'\/proc\/h'/,
    ],
  ])('looks for the place of %s, and changes nothing without one', (_name, uid, env, place) => {
    const root = tree({ 'a.js': '' });
    chmodSync(root, 0o777);
    chownSync(join(root, 'a.js'), uid, uid);
    const { status, stderr } = spawned(['seal', root], { uid, env: { ...process.env, ...env } });
    expect(stderr).toMatch(place);
    expect(stderr).toContain(
      'name another place for the journal with --journal, or use --no-journal',
    );
    expect(status).toBe(2);
    expect(modes(root)).toEqual({ 'a.js': '0644' });
  });

  it('has the journal of root in /var/lib, whatever HOME says', () => {
    const root = realpathSync(tree({ 'a.js': '' }));
    const env = {
      ...process.env,
      XDG_STATE_HOME: '',
      HOME: root,
      MAYEXEC: `${process.execPath} ${command}`,
    };
    const script = 'mount -t tmpfs none /var/lib && $MAYEXEC seal "$1" && find /var/lib -type f';
    const { stdout } = spawnSync('unshare', ['--mount', 'sh', '-euc', script, 'sh', root], {
      env,
      encoding: 'utf8',
    });
    expect(stdout).toContain(`/var/lib/mayexec/seal/${basename(journalOf(root))}\n`);
    expect(readdirSync(root)).toEqual(['a.js']);
  });

  it('changes nothing when the journal cannot be written', async () => {
    const root = tree({ 'a.js': '' });
    expect((await mayexec(['seal', '--journal', '/dev/full', root])).status).toBe(2);
    expect((await mayexec(['seal', '--journal', '/proc/none/x', root])).status).toBe(2);
    expect(modes(root)).toEqual({ 'a.js': '0644' });
  });

  it('says how many of 130,000 files are gone', async () => {
    const root = tree({ 'a.js': '' });
    const at = { sha256: sha256(''), from: '0644', to: '0755' };
    const lines = Array.from({ length: 130_000 }, (_, i) =>
      JSON.stringify({ path: `${i}.js`, ...at }),
    );
    writeJournal(root, `${lines.join('\n')}\n`);
    const { status, stdout } = await mayexec(['seal', '--undo', root]);
    expect(stdout).toContain('130000 gone or replaced');
    expect(status).toBe(0);
  });
});

describe('two seals at once', () => {
  const inTheLock = (root: string, file: string, ...args: string[]): Result =>
    spawnSync('flock', [join(root, file), process.execPath, command, 'seal', ...args, root], {
      encoding: 'utf8',
    });

  it.each([
    ['seal of the same tree', '.', []],
    ['--undo of the same tree', '.', ['--undo']],
    ['seal with the same journal', 'journal', ['--journal']],
  ])('the second changes nothing and says why: %s', (_name, file, args) => {
    const root = tree({ 'a.js': '', journal: ['', 0o600] });
    const more = args[0] === '--journal' ? [join(root, 'journal')] : [];
    const { status, stderr } = inTheLock(root, file, ...args, ...more);
    expect(stderr).toMatch(/another mayexec seal is at work there; wait until it has ended/);
    expect(status).toBe(2);
    expect(modes(root)['a.js']).toBe('0644');
  });

  it('a look at what would be done waits for nobody', () => {
    const root = tree({ 'a.js': '' });
    expect(inTheLock(root, '.', '--dry-run').status).toBe(0);
  });
});

describe('on overlayfs', () => {
  const script = fileURLToPath(new URL('./overlay.sh', import.meta.url));

  /** Seals a.js, which is b.js too, in an upper layer; then does more there. */
  const inUpperLayer = (then: string): Result =>
    spawnSync('unshare', ['--mount', 'sh', '-eu', script, temporary(), then], {
      encoding: 'utf8',
      env: { ...process.env, MAYEXEC: `${process.execPath} ${command}` },
    });

  it('seals every name of a hard-linked file of a lower layer, and takes it back', () => {
    const { stdout, stderr } = inUpperLayer('undo');
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      '2 files sealed, 0 had x already, 0 refused',
      'to undo it: mayexec seal --undo --journal journal merged',
      '755 a.js',
      '755 b.js',
      expect.stringMatching(/^2 files restored/),
      'status 0',
      '644 a.js',
      '644 b.js',
      '',
    ]);
  });

  it('takes it back in a further layer, too, where no file has its old inode', () => {
    const { stdout, stderr } = inUpperLayer('undo above');
    expect(stderr).toBe('');
    expect(stdout).toContain('status 0\n644 a.js\n644 b.js\n');
  });
});
