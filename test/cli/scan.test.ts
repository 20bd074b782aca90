import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { command } from '../support/built.js';
import { scanTree } from '../../src/cli/scan/tree.js';
import { openRoot } from '../../src/cli/tree/open.js';
import { withPrograms } from '../support/other-programs.js';
import { mayexec, onTerminal, temporary, tree, type Files, type Scan } from './run.js';

/** By the command. */
async function scan(root: string): Promise<Scan & { status: number | null }> {
  const { stdout, status } = await mayexec(['scan', '--json', root]);
  return { ...(JSON.parse(stdout) as Scan), status };
}

/** By the function behind it, which needs no process of its own. */
async function refused(root: string): Promise<string[]> {
  const fd = openRoot(root);
  try {
    const found = await scanTree(fd, root, false);
    return found.refused.map(({ path }) => path).sort();
  } finally {
    closeSync(fd);
  }
}

const node = '#!/usr/bin/env node\n';
const noexec = fileURLToPath(new URL('noexec.sh', import.meta.url));

describe('what scan takes for code', () => {
  it.each<[string, Files, string[]]>([
    [
      'every extension that Node loads',
      {
        'a.js': '',
        'b.cjs': '',
        'c.mjs': '',
        'd.node': '',
        'e.wasm': '',
        'f.ts': '',
        'g.cts': '',
        'h.mts': '',
      },
      ['a.js', 'b.cjs', 'c.mjs', 'd.node', 'e.wasm', 'f.ts', 'g.cts', 'h.mts'],
    ],
    [
      'no declarations, data or documents',
      {
        'a.d.ts': '',
        'b.d.cts': '',
        'c.d.mts': '',
        'd.json': '',
        'e.md': '',
        'f.js.map': '',
        'g.json5': '',
        js: '',
      },
      [],
    ],
    ['a name that is an extension only', { '.js': '' }, []],
    [
      'a hidden file with an extension',
      { '.eslintrc.js': '', '.git/hook.cjs': '' },
      ['.eslintrc.js', '.git/hook.cjs'],
    ],
    ['a #! line that names node by env', { run: node }, ['run']],
    ['a #! line that names node by path', { run: '#!/opt/node/bin/node\n' }, ['run']],
    [
      'a #! line that names nodejs with options',
      { run: '#!/usr/bin/nodejs --max-old-space-size=1\n' },
      ['run'],
    ],
    ['a #! line with env -S', { run: '#!/usr/bin/env -S node --no-warnings\n' }, ['run']],
    ['a #! line without an end', { run: '#!/usr/bin/node' }, ['run']],
    [
      'no #! line of another interpreter',
      { run: '#!/bin/sh\nexec node x\n', py: '#!/usr/bin/python3\n' },
      [],
    ],
    ['no #! line with node as a directory', { run: '#!/opt/node/bin/deno\n' }, []],
    [
      'no #! line with node inside a word',
      { run: '#!/usr/bin/ts-node-x\n', b: '#!/usr/bin/node-x\n' },
      [],
    ],
    ['no #! line further down', { run: `\n${node}` }, []],
    ['no #! line of a file with an extension', { 'run.txt': node }, []],
    [
      'what main names',
      { 'package.json': '{"main":"lib/entry.es6"}', 'lib/entry.es6': '' },
      ['lib/entry.es6'],
    ],
    ['what bin names', { 'package.json': '{"bin":"cli"}', cli: '' }, ['cli']],
    [
      'what an object of bin names',
      { 'package.json': '{"bin":{"a":"./x/a","b":"b.sh"}}', 'x/a': '', 'b.sh': '' },
      ['b.sh', 'x/a'],
    ],
    [
      'what exports name, whatever its ending, however deep',
      {
        'package.json':
          '{"exports":{".":{"node":{"import":"./entry"}},"./s":["./list.txt"],"./n":null}}',
        entry: '',
        'list.txt': '',
        'other.txt': '',
      },
      ['entry', 'list.txt'],
    ],
    [
      'what exports name by a URL with escapes, a query or a fragment',
      {
        'package.json': JSON.stringify({
          exports: { './a': './a%20b.txt', './b': './b.txt?x.js', './c': './c.txt#x.json' },
        }),
        'a b.txt': '',
        'b.txt': '',
        'c.txt': '',
      },
      ['a b.txt', 'b.txt', 'c.txt'],
    ],
    [
      'what a package.json with a byte order mark names',
      { 'package.json': '\ufeff{"exports":"./entry.txt"}', 'entry.txt': '' },
      ['entry.txt'],
    ],
    [
      'no declaration that exports name',
      { 'package.json': '{"exports":{"types":"./a.d.ts"}}', 'a.d.ts': '' },
      [],
    ],
    [
      'what imports name in the package, whatever its ending',
      {
        'package.json': '{"imports":{"#x":"./x","#y":"./y.es6","#z":"z"}}',
        x: '',
        'y.es6': '',
        z: '',
      },
      ['x', 'y.es6'],
    ],
    [
      'no JSON, directory, absent file or pattern of a package.json',
      {
        'package.json': '{"main":"d","bin":"x.json","exports":{"./*":"./*","./a":"./absent"}}',
        'd/readme': '',
        'x.json': '',
      },
      [],
    ],
    [
      'a target once that its #! line names too',
      { 'package.json': '{"bin":"cli","main":"cli"}', cli: node },
      ['cli'],
    ],
    [
      'nothing outside by a package.json',
      {
        'sub/package.json': '{"main":"../../../../../../../etc/hostname","bin":"../outside"}',
        outside: '',
      },
      ['outside'],
    ],
    ['nothing by a package.json that is not JSON', { 'package.json': '{', 'a.js': '' }, ['a.js']],
    [
      'nothing by a package.json of another shape',
      { 'package.json': '[null,{"main":7}]', 'sub/package.json': 'null' },
      [],
    ],
    [
      'a package.json that nests deeper than a stack',
      { 'package.json': `{"exports":${'['.repeat(5000)}"./x"${']'.repeat(5000)}}`, x: '' },
      ['x'],
    ],
  ])('%s', async (_name, files, expected) => {
    expect(await refused(tree(files))).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    ['main without extension', '{"main":"lib/entry"}', ['lib/entry']],
    ['main after spaces and a line break', '{"main" :\n "x.es6"}', ['x.es6']],
    ['main with an escape', String.raw`{"main":"a\".sh"}`, ['a".sh']],
    ['main with a character as an escape', String.raw`{"main":"\u0078.sh"}`, ['x.sh']],
    ['main whose own name has an escape', String.raw`{"m\u0061in":"x.sh"}`, ['x.sh']],
    ['main that is an extension only', '{"main":"lib/.js"}', ['lib/.js']],
    ['main that is a declaration', '{"main":"x.d.ts"}', ['x.d.ts']],
    ['a second main', '{"main":"a.js","x":{},"main":"b.sh"}', ['b.sh']],
    ['main behind objects and lists', '{"a":{"b":[{}]},"main":"b.sh"}', ['b.sh']],
    ['main behind brackets in a string', '{"a":"}]}","main":"b.sh"}', ['b.sh']],
    ['bin as a string', '{"bin":"cli"}', ['cli']],
    ['bin as an object', '{"bin":{"a":"./a.js","b":"./b"}}', ['b']],
    ['bin as an object of spaces', '{"bin": { "a" : "a.js" , "b" : "b.sh" } }', ['b.sh']],
    ['bin as a list', '{"bin":["a"]}', ['a']],
    ['exports without extension', '{"exports":{".":{"node":"./x"}}}', ['x']],
    ['exports with an escaped slash', String.raw`{"exports":".\/x"}`, ['x']],
    ['exports in a hidden file', '{"exports":"./.x"}', ['.x']],
    ['exports in a folder with a dot', '{"exports":"./v1.2/x"}', ['v1.2/x']],
    ['imports without extension', '{"imports":{"#x":["./x"]}}', ['x']],
    ['no main of something else', '{"x":{"main":"b.sh","exports":"./x"}}', []],
    ['no main that is not there', '{"main":false,"bin":null,"exports":{}}', []],
    ['nothing without an end', '{"main":"b.sh', []],
  ])('what a manifest in node_modules names: %s', async (_name, manifest, expected) => {
    const inside = 'node_modules/p/';
    const files = ['lib/entry', 'x.es6', 'a".sh', 'x.sh', 'lib/.js', 'x.d.ts', 'b.sh', 'cli', 'b']
      .concat(['a', 'x', '.x', 'v1.2/x', 'm/index'])
      .map((name) => [inside + name, ''] as const);
    const root = tree({ ...Object.fromEntries(files), [`${inside}package.json`]: manifest });
    expect(await refused(root)).toEqual(expected.map((name) => inside + name));
  });
});

describe('what scan finds', () => {
  it('nothing in a tree whose code is executable, with status 0', async () => {
    const root = tree({
      'a.js': ['', 0o755],
      'b/c.mjs': ['', 0o555],
      cli: [node, 0o755],
      'd.txt': '',
    });
    expect(await scan(root)).toMatchObject({
      status: 0,
      refused: [],
      files: 4,
      code: 3,
      directories: 2,
      mechanism: 'at_execve_check',
    });
  });

  it('the cause and the package of each file', async () => {
    const root = tree({
      'package.json': '{"name":"app"}',
      'a.js': '',
      'src/package.json': '{"type":"module"}',
      'src/b.js': '',
      'node_modules/dep/index.js': '',
      'node_modules/@scope/dep/index.js': '',
      'node_modules/.pnpm/x@1/node_modules/x/x.js': '',
    });
    expect(
      (await scan(root)).refused.map(({ path, package: owner, reason }) => [path, owner, reason]),
    ).toEqual([
      ['a.js', 'app', 'mode'],
      ['node_modules/.pnpm/x@1/node_modules/x/x.js', 'x', 'mode'],
      ['node_modules/@scope/dep/index.js', '@scope/dep', 'mode'],
      ['node_modules/dep/index.js', 'dep', 'mode'],
      ['src/b.js', 'app', 'mode'],
    ]);
  });

  it('a noexec mount beneath the root', () => {
    const root = tree({ 'on/a.js': ['', 0o755], 'on/b.js': '', 'off/a.js': ['', 0o755] });
    const { stdout } = spawnSync(
      'unshare',
      ['-m', 'sh', noexec, join(root, 'on'), process.execPath, command, 'scan', '--json', root],
      { encoding: 'utf8' },
    );
    expect((JSON.parse(stdout) as Scan).refused).toMatchObject([
      { path: 'on/a.js', reason: 'noexec-mount' },
      { path: 'on/b.js', reason: 'noexec-mount' },
    ]);
  });

  it('no file twice, and none through a symbolic link', async () => {
    const outside = tree({ 'secret.js': '' });
    const root = tree({ 'real/a.js': '' });
    symlinkSync('real', join(root, 'link'));
    symlinkSync('.', join(root, 'loop'));
    symlinkSync('real/a.js', join(root, 'a.js'));
    symlinkSync('absent', join(root, 'dangling'));
    symlinkSync(outside, join(root, 'out'));
    symlinkSync(join(outside, 'secret.js'), join(root, 'out.js'));
    const found = await scan(root);
    expect(found.refused.map(({ path }) => path)).toEqual(['real/a.js']);
    expect(found.links).toEqual(['out', 'out.js']);
  });

  it('a file that is open for writing, as not examined, with status 2', () => {
    const root = tree({ 'a.js': ['', 0o755], 'b.js': ['', 0o755] });
    const result = spawnSync(
      'sh',
      ['-c', 'exec 9>>"$2/b.js"; exec "$0" "$1" scan --json "$2"', process.execPath, command, root],
      { encoding: 'utf8' },
    );
    expect((JSON.parse(result.stdout) as Scan).unexamined).toEqual([
      { path: 'b.js', errno: 'ETXTBSY' },
    ]);
    expect(result.stderr).toContain('b.js: could not be examined (ETXTBSY)');
    expect(result.status).toBe(2);
  });

  it('names that are not UTF-8, without stumbling', async () => {
    const root = temporary();
    writeFileSync(Buffer.from(`${root}/\xff\xfe.js`, 'latin1'), '');
    expect(await refused(root)).toEqual(['\ufffd\ufffd.js']);
  });

  const deep = Array<string>(1500).fill('d').join('/');
  it.each([
    ['deeper than the limit of open files', [`${deep}/a.js`]],
    ['with more directories of code than that', [...Array(300).keys()].map((i) => `d${i}/a.js`)],
  ])('a tree %s', (_name, paths) => {
    const root = temporary();
    for (const path of paths) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), '');
    }
    const limited = execFileSync(
      'sh',
      ['-c', 'ulimit -n 64; "$0" "$1" scan --json "$2" || true', process.execPath, command, root],
      { encoding: 'utf8' },
    );
    expect((JSON.parse(limited) as Scan).refused).toHaveLength(paths.length);
  });

  it('paths longer than the kernel takes, as not examined', async () => {
    const root = temporary();
    const name = 'd'.repeat(250);
    const half = Array<string>(9).fill(name).join('/');
    mkdirSync(join(root, half), { recursive: true });
    mkdirSync(join(root, 'x', half), { recursive: true });
    renameSync(join(root, 'x', name), join(root, half, 'x'));
    expect(await scan(root)).toMatchObject({ status: 2, unexamined: [{ errno: 'ENAMETOOLONG' }] });
    const { stdout } = await mayexec(['scan', root]);
    expect(stdout).toMatch(/^nothing found, but not all was examined: 0 files of code/);
  });
});

describe('scan --ext', () => {
  const files: Files = {
    'a.lua': '',
    'b.fnl': '',
    'c.spec.lua': '',
    'd.js': '',
    'e.lua.bak': '',
    'f.LUA': '',
    xlua: '',
    '.lua': '',
    'g.\u00e9': '',
    'h.json': '',
    'i.d.ts': '',
    'package.json': '{"main":"a.lua"}',
  };
  it.each<[string, string[], string[]]>([
    ['is not given: only what Node loads', [], ['a.lua', 'd.js']],
    ['names an extension', ['--ext', '.lua'], ['a.lua', 'c.spec.lua', 'd.js']],
    ['names it without its dot', ['--ext', 'lua'], ['a.lua', 'c.spec.lua', 'd.js']],
    [
      'names several with commas',
      ['--ext', '.lua, .fnl'],
      ['a.lua', 'b.fnl', 'c.spec.lua', 'd.js'],
    ],
    [
      'is given more than once',
      ['--ext=.lua', '--ext=.fnl', '--ext=.lua'],
      ['a.lua', 'b.fnl', 'c.spec.lua', 'd.js'],
    ],
    ['names one of two parts', ['--ext', '.spec.lua'], ['a.lua', 'c.spec.lua', 'd.js']],
    ['names one beyond ASCII', ['--ext', '.\u00e9'], ['a.lua', 'd.js', 'g.\u00e9']],
    [
      'names what is data or a declaration otherwise',
      ['--ext', '.json,.d.ts'],
      ['a.lua', 'd.js', 'h.json', 'i.d.ts', 'package.json'],
    ],
  ])('%s', async (_name, options, code) => {
    const root = tree(files);
    const { stdout, status } = await mayexec(['scan', '--json', ...options, root]);
    const found = JSON.parse(stdout) as Scan;
    expect(found.refused.map(({ path }) => path)).toEqual(code);
    expect({ status, code: found.code }).toEqual({ status: 1, code: code.length });
  });

  it('is in the command that mends it', async () => {
    const root = tree({ 'a.lua': '' });
    const { stdout } = await mayexec(['scan', '--ext', 'lua', '--ext', '.a b', root]);
    expect(stdout).toContain(`mayexec seal --ext '.lua,.a b' ${root}`);
  });

  it.each([
    ['nothing', ['--ext', '', '.'], 'It must be an extension'],
    ['a dot', ['--ext', '.lua,.', '.'], 'It must be an extension'],
    ['a path', ['--ext', 'lib/.lua', '.'], 'It must be an extension'],
    ['a program to run', ['--ext', '.lua', '--', 'node', 'a.js'], '--ext needs a directory'],
  ])('refuses %s', async (_name, words, message) => {
    const { status, stderr } = await mayexec(['scan', ...words]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('scan beside an independent program', () => {
  it('refuses exactly what bench/scan.c is refused, in a real application', async () => {
    const oracle = join(temporary(), 'scan');
    const source = fileURLToPath(new URL('../../bench/scan.c', import.meta.url));
    execFileSync('cc', ['-O2', '-o', oracle, source]);
    const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
    const { stdout } = spawnSync(oracle, [modules], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const expected = stdout.split('\n').filter(Boolean);
    const found = await refused(modules);
    expect(expected.length).toBeGreaterThan(1000);
    // What a package.json alone makes code is beyond the C program.
    expect(expected.filter((path) => !found.includes(path))).toEqual([]);
    const more = found.filter((path) => !expected.includes(path));
    expect(more.filter((path) => /\.([cm]?[jt]s|node|wasm)$/.test(path))).toEqual([]);
  });
});

describe('how scan tells', () => {
  const root = tree({
    'package.json': '{"name":"a<b>&\\"c"}',
    'a b.js': '',
    'evil\u001b[2J.js': '',
  });

  it('a person: causes, packages and what helps', async () => {
    const { stdout, status } = await mayexec(['scan', root]);
    expect(stdout).toMatch(/^2 files would be refused: 2 files of code among 3 files/);
    expect(stdout).toContain(`mayexec seal ${root}`);
    expect(status).toBe(1);
  });

  it('a person, with --all, every file, its control characters made visible', async () => {
    const { stdout } = await mayexec(['scan', '--all', root]);
    expect(stdout).toMatch(/^a b\.js +mode/m);
    expect(stdout).toContain('evil\\u{1b}[2J.js');
    expect(stdout).not.toContain('\u001b');
  });

  it('a machine: SARIF with a rule, a message and an encoded location', async () => {
    const log = JSON.parse((await mayexec(['scan', '--sarif', root])).stdout) as {
      version: string;
      runs: { results: unknown[] }[];
    };
    expect(log.version).toBe('2.1.0');
    expect(log.runs[0]?.results).toHaveLength(2);
    expect(log.runs[0]?.results[0]).toMatchObject({
      ruleId: 'mode',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'a%20b.js', uriBaseId: 'ROOT' } } },
      ],
    });
  });

  it('a machine: JUnit XML that is well formed', async () => {
    const { stdout } = await mayexec(['scan', '--junit', root]);
    expect(stdout).toContain('tests="2" failures="2" errors="0"');
    expect(stdout).toContain('a&lt;b&gt;&amp;&quot;c');
    expect(stdout).not.toContain('\u001b');
    const parsed = spawnSync(
      'python3',
      [
        '-c',
        'import sys, xml.dom.minidom as m; print(len(m.parse(sys.stdin).getElementsByTagName("failure")))',
      ],
      { input: stdout, encoding: 'utf8' },
    );
    expect(parsed.stdout.trim()).toBe('2');
  });

  it('a machine: what could not be examined, as an error', async () => {
    const busy = tree({ 'a.js': ['', 0o755] });
    const fd = openSync(join(busy, 'a.js'), 'a');
    const sarif = await mayexec(['scan', '--sarif', busy]);
    const junit = await mayexec(['scan', '--junit', busy]);
    closeSync(fd);
    expect(JSON.parse(sarif.stdout)).toMatchObject({
      runs: [
        {
          results: [],
          invocations: [
            {
              executionSuccessful: false,
              toolExecutionNotifications: [
                { level: 'error', message: { text: 'could not be examined (ETXTBSY)' } },
              ],
            },
          ],
        },
      ],
    });
    expect(junit.stdout).toContain('tests="1" failures="0" errors="1"');
    expect(junit.stdout).toContain(
      '<testcase classname="not examined" name="a.js"><error type="ETXTBSY"/></testcase>',
    );
  });

  withPrograms('script')('its progress on the terminal, and takes it away when done', async () => {
    const output = await onTerminal(['scan', root]);
    expect(output).toMatch(/directories, /);
    expect((await mayexec(['scan', root])).stderr).toBe('');
  });

  it('nothing to a reader that has gone', () => {
    const script = '"$0" "$1" scan --json "$2" | true';
    const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, command, root], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('all of it to a pipe that somebody has made non-blocking', () => {
    const slowly = [
      'import os, subprocess, sys, time',
      'r, w = os.pipe()',
      'os.set_blocking(w, False)',
      'child = subprocess.Popen(sys.argv[1:], stdout=w)',
      'os.close(w)',
      'time.sleep(0.5)',
      'sys.stdout.buffer.write(open(r, "rb").read())',
      'sys.exit(child.wait())',
    ];
    const names = Array.from({ length: 3000 }, (_, i) => `${'x'.repeat(50)}${i}.js`);
    const many = tree(Object.fromEntries(names.map((name) => [name, ''])));
    const words = ['-c', slowly.join('\n'), process.execPath, command, 'scan', '--json', many];
    const { status, stdout } = spawnSync('python3', words, { encoding: 'utf8' });
    expect(status).toBe(1);
    expect((JSON.parse(stdout) as Scan).refused).toHaveLength(3000);
  });
});

it('each file has its whole path and its package, however deep it is in it', async () => {
  const owners: Record<string, string> = {
    'a.js': 'app',
    'lib/a.js': 'app',
    'lib/node_modulesx/p/a.js': 'app',
    'node_modules/.bin/a.js': '.bin',
    'node_modules/@s/a.js': '@s',
    'node_modules/@s/p/a.js': '@s/p',
    'node_modules/@s/p/lib/deep/a.js': '@s/p',
    'node_modules/@s/p/lib/deep/b.js': '@s/p',
    'node_modules/@s/p/node_modules/q/lib/a.js': 'q',
    'node_modules/@s/pp/lib/a.js': '@s/pp',
    'node_modules/node_modules/r/a.js': 'r',
    'node_modules/p\u00e4/lib/\u00e4.js': 'p\u00e4',
    'own/a.js': 'own',
    'own/sub/a.js': 'own',
  };
  const files = Object.keys(owners).map((path) => [path, ''] as const);
  const root = tree({
    ...Object.fromEntries(files),
    'package.json': '{"name":"app"}',
    'own/package.json': '{"name":"own"}',
  });
  const { refused: found } = await scan(root);
  expect(Object.fromEntries(found.map(({ path, package: owner }) => [path, owner]))).toEqual(
    owners,
  );
});

it('a hard link counts under each of its names', async () => {
  const root = tree({ 'a.js': '' });
  linkSync(join(root, 'a.js'), join(root, 'b.js'));
  expect(await refused(root)).toEqual(['a.js', 'b.js']);
});
