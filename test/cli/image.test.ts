/** What `mayexec image` and `mayexec image check` say. test/preload has what a Node makes of one. */
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { mayexec, spawned, temporary, tree } from './run.js';

const application = (): string =>
  tree({ 'package.json': '{}', 'a.js': 'exports.a = 1;', 'lib/b.mjs': 'export default 2;' });

const root = application();
const out = join(temporary(), 'app.image');

describe('mayexec image', () => {
  it.each<[string, string[], RegExp]>([
    ['no file to write', [root], /^error: required option '--out <file>' not specified/],
    ['two directories', [root, root, '--out', out], /^error: name one directory/],
    [
      'neither sources nor bytecode',
      [root, '--out', out, '--no-sources', '--no-bytecode'],
      /^error: without sources and bytecode nothing is left/,
    ],
    [
      'a program to run, and no bytecode',
      [root, '--out', out, '--no-bytecode', '--', 'node', 'a.js'],
      /^error: a program is run for its bytecode, and --no-bytecode leaves/,
    ],
  ])('%s is a usage error', async (_, args, told) => {
    const { status, stdout, stderr } = await mayexec(['image', ...args]);
    expect(stderr).toMatch(told);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('names the code that is not in it, with status 1', async () => {
    const app = application();
    writeFileSync(join(app, 'addon.node'), '');
    writeFileSync(
      Buffer.concat([Buffer.from(`${app}/`), Buffer.from([0xff]), Buffer.from('.js')]),
      '',
    );
    symlinkSync('/etc/hostname', join(app, 'out.js'));
    const { status, stdout, stderr } = await mayexec(['image', app, '--out', out]);
    expect(stdout).toMatch(/^2 modules in /);
    expect(stdout).toContain('1 addon (.node) must stay an executable file: see mayexec seal\n');
    expect(stderr.split('\n')).toEqual([
      'mayexec: \ufffd.js: its name is not UTF-8; it is not in the image',
      'mayexec: out.js: a symbolic link that leaves the tree; it is not in the image',
      '',
    ]);
    expect(status).toBe(1);
  });

  it.each<[string, string[], RegExp]>([
    [
      'ends with another status',
      ['sh', '-c', 'exit 3'],
      /^mayexec: the program ended with status 3\n/,
    ],
    [
      'is killed',
      ['sh', '-c', 'kill -9 $$'],
      /^mayexec: the program was ended by SIGKILL: a Node that is killed leaves no bytecode\n/,
    ],
    ['is no Node', ['true'], /^mayexec: true left no bytecode of CommonJS modules\n$/],
  ])('says when a program %s, and writes the image all the same', (_, program, told) => {
    const args = ['image', root, '--out', out, '--', ...program];
    const { status, stdout, stderr } = spawned(args);
    expect(stderr).toMatch(told);
    expect(stdout).toMatch(/^2 modules in /);
    expect(status).toBe(0);
  });
});

describe('mayexec image check', () => {
  const check = (app: string, image = out): ReturnType<typeof mayexec> =>
    mayexec(['image', 'check', '--image', image, app]);

  it('names each difference from what is on the disk, with status 1', async () => {
    const app = application();
    await mayexec(['image', app, '--out', out]);
    expect(await check(app)).toEqual({
      status: 0,
      stdout: `${out} has the same code as ${app}\n`,
      stderr: '',
    });
    writeFileSync(join(app, 'package-lock.json'), '{}');
    writeFileSync(join(app, 'a.js'), 'exports.a = 2;');
    rmSync(join(app, 'lib'), { recursive: true });
    writeFileSync(join(app, 'c.js'), '');
    expect(await check(app)).toEqual({
      status: 1,
      stdout: [
        'package-lock.json has changed',
        'a.js has another content on the disk',
        'lib/b.mjs is not code on the disk',
        'c.js is not in the image',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('says that it was made of another directory', async () => {
    const copy = application();
    await mayexec(['image', root, '--out', out]);
    expect(await check(copy)).toEqual({
      status: 1,
      stdout: `it was made of ${root}, and this is ${copy}\n`,
      stderr: '',
    });
  });

  it.each<[string, string, string]>([
    ['too short', 'MXIMAGE\n', 'it is too short'],
    ['another file', '#!/bin/sh\n'.repeat(20), 'it is not a code image'],
  ])('says of a file that is %s why it is no image, with status 2', async (_, text, why) => {
    const broken = join(tree({ broken: text }), 'broken');
    expect(await check(root, broken)).toEqual({
      status: 2,
      stdout: '',
      stderr: `mayexec: ${broken}: ${why}\n`,
    });
  });
});
