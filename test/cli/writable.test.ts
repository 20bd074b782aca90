/** What `scan --wx` says that a user can both write and have executed. Runs as root. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import type { Writable } from '../../src/cli/scan/writable.js';
import { needs } from '../support/kernel.js';
import { withPrograms } from '../support/other-programs.js';
import { mayexec, spawned, tree, type Result } from './run.js';

const UID = 4711;
const GID = 4712;

/** A tree of root's that everybody can get at. */
function application(): string {
  const root = tree({
    'app/index.js': ['', 0o755],
    'app/lib/part.js': ['', 0o755],
    'app/data.txt': ['', 0o644],
  });
  chmodSync(root, 0o755);
  for (const folder of ['app', 'app/lib']) chmodSync(join(root, folder), 0o755);
  return join(root, 'app');
}

function wx(directory: string, ...more: string[]): Result {
  return spawned(['scan', '--wx', '--user', `${UID}:${GID}`, '--json', ...more, directory]);
}

function found(directory: string, ...more: string[]): Writable[] {
  const { stdout } = wx(directory, ...more);
  return (JSON.parse(stdout) as { found: Writable[] }).found;
}

const sh = (script: string, directory: string): void => {
  const { status, stderr } = spawnSync('sh', ['-ec', script, 'sh', directory], {
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
};

describe('scan --wx', () => {
  test.for<[title: string, change: string, expected: string[]]>([
    ['nothing of root’s', 'true', []],
    ['a file that the user owns', `chown ${UID} "$1/index.js"`, ['index.js file owner']],
    [
      'an own file without any bit: its owner gives it some',
      `chown ${UID} "$1/index.js"; chmod 0 "$1/index.js"`,
      ['index.js file owner'],
    ],
    ['a file that everybody may write', 'chmod o+w "$1/index.js"', ['index.js file others']],
    [
      'a file that a group of the user may write',
      `chgrp ${GID} "$1/index.js"; chmod g+w "$1/index.js"`,
      ['index.js file group'],
    ],
    ['a file that another group may write', 'chmod g+w "$1/index.js"', []],
    ['a file that everybody may write and nobody executes', 'chmod 666 "$1/index.js"', []],
    ['data that everybody may write', 'chmod 777 "$1/data.txt"', []],
    [
      'a directory that everybody may write: its files can be exchanged',
      'chmod o+w "$1/lib"',
      ['lib directory others'],
    ],
    [
      'a directory of the user without w: its owner gives it',
      `chown ${UID} "$1/lib"; chmod 555 "$1/lib"`,
      ['lib directory owner'],
    ],
    [
      'a directory that the user cannot get at',
      'chmod 700 "$1/lib"; chmod o+w "$1/lib/part.js"',
      [],
    ],
    ['the tree itself', 'chmod o+w "$1"', ['. directory others']],
  ])('%s', ([, change, expected]) => {
    const directory = application();
    sh(change, directory);
    expect(found(directory).map(({ path, type, way }) => `${path} ${type} ${way}`)).toEqual(
      expected,
    );
    expect(wx(directory).status).toBe(expected.length > 0 ? 1 : 0);
  });

  withPrograms('setfacl')('a file that an access control list lets the user write', () => {
    const directory = application();
    sh(`setfacl -m u:${UID}:rwx "$1/index.js"`, directory);
    expect(found(directory)).toEqual([{ path: 'index.js', type: 'file', way: 'acl' }]);
  });

  test('a directory above, by which the tree can be exchanged, but for a sticky one of others', () => {
    const directory = application();
    const parent = join(directory, '..');
    chmodSync(parent, 0o777);
    expect(found(directory)).toEqual([
      { path: parent.replace(/\/app\/\.\.$/, ''), type: 'directory', way: 'others' },
    ]);
    chmodSync(parent, 0o1777);
    expect(found(directory)).toEqual([]);
    chownSync(parent, UID, 0);
    expect(found(directory)).toMatchObject([{ way: 'owner' }]);
  });

  test.for([['noexec'], ['read-only']])('nothing on a %s mount', ([mount]) => {
    const directory = application();
    sh(`chown -R ${UID} "$1"`, directory);
    const { stdout, status } = spawnSync(
      'unshare',
      [
        ...['--mount', '--propagation', 'private', 'sh', join(import.meta.dirname, 'writable.sh')],
        ...[mount ?? '', directory, `${UID}`, process.execPath],
        ...[join(import.meta.dirname, '../../dist/cli.cjs'), 'scan', '--wx'],
        ...['--user', `${UID}:${GID}`, '--json', directory],
      ],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(stdout)).toMatchObject({ found: [] });
    expect(status).toBe(0);
  });

  test('for a person: how, how many, what helps, and which', () => {
    const directory = application();
    chownSync(join(directory, 'index.js'), UID, 0);
    const { stdout, status } = spawned(['scan', '--wx', '--user', `${UID}:${GID}`, directory]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^uid 4711 can write 1 thing and have it executed: 2 files of code/);
    expect(stdout).toMatch(/\nowner +1 +0 +the user owns it.*chown -R root \//);
    expect(stdout).toMatch(/\nindex\.js +file +owner\n$/);
  });

  test('what helps is about the directory above, when that is what can be written', () => {
    const directory = application();
    const parent = join(directory, '..').replace(/\/$/, '');
    chmodSync(parent, 0o777);
    const { stdout } = spawned(['scan', '--wx', '--user', `${UID}:${GID}`, directory]);
    expect(stdout).toContain(`chmod o-w ${parent}\n`);
    expect(stdout).not.toContain('-R');
    // As advised.
    chmodSync(parent, 0o775);
    expect(found(directory)).toEqual([]);
  });

  /** What makes the user able to write, by the way that is named then. */
  const made: [way: string, change: string][] = [
    ['owner', `chown ${UID} "$1/index.js"`],
    ['group', `chgrp ${GID} "$1/index.js"; chmod g+w "$1/index.js"`],
    ['others', 'chmod o+w "$1/index.js"'],
    ['acl', `setfacl -m u:${UID}:rwx "$1/index.js"`],
  ];
  for (const [way, change] of made)
    withPrograms('setfacl')(`what is advised for ${way} helps`, () => {
      const directory = application();
      sh(change, directory);
      const told = (): string =>
        spawned(['scan', '--wx', '--user', `${UID}:${GID}`, directory]).stdout;
      sh(new RegExp(`^${way} .* {2}(\\S.*)$`, 'm').exec(told())?.[1] ?? 'false', directory);
      expect(told()).toMatch(
        /^uid 4711 can write nothing that it can have executed: 2 files of code/,
      );
    });

  test.for<[title: string, args: string[], told: RegExp]>([
    ['root', ['--wx'], /root may change every file\. Name that one by --user/],
    ['--user root', ['--wx', '--user', 'root'], /root may change every file/],
    ['a user whom nobody knows', ['--wx', '--user', 'nobody-at-all'], /knows no such user/],
    ['an option for a user', ['--wx', '--user', '--help'], /knows no such user/],
    ['--user alone', ['--user', 'nobody'], /--user goes with --wx/],
  ])('%s is an error', async ([, args, told]) => {
    const { status, stderr } = await mayexec(['scan', ...args, application()]);
    expect(stderr).toMatch(told);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(status).toBe(2);
  });

  // In a user namespace the files of users outside are nobody's.
  needs('root')('a name is looked up, with its groups', () => {
    const { stdout, status } = spawned([
      'scan',
      '--wx',
      '--user',
      'nobody',
      '--json',
      application(),
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ user: { uid: 65534 }, found: [] });
    expect(status).toBe(0);
  });
});

describe('seal', () => {
  test('warns when another user than root owns the code', async () => {
    const directory = application();
    expect((await mayexec(['seal', directory])).stderr).toBe('');
    mkdirSync(join(directory, 'own'));
    sh('cp "$1/index.js" "$1/own/other.js"; chown 4711 "$1/own/other.js"', directory);
    const { status, stderr } = await mayexec(['seal', directory]);
    expect(stderr).toMatch(
      /^mayexec: uid 4711 owns what is sealed, and can change it: .*scan --wx --user 4711 /,
    );
    expect(status).toBe(0);
  });
});
