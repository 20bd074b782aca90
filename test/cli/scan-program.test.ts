import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { MAJORS, nodeBinary } from '../preload/versions.js';
import { modes, spawned, temporary, tree, type Result } from './run.js';

interface Found {
  root: string;
  command: string[];
  status: number | null;
  signal: string | null;
  code: number;
  gates?: string[];
  refused: { path: string; package: string; reason: string; errno: string }[];
  options: string[];
  withoutFile: number;
  unexamined: unknown[];
  lost: number;
}

/** In a tree of its own, as its current directory. */
function scan(cwd: string, args: string[], env: NodeJS.ProcessEnv = {}): Result {
  return spawned(['scan', ...args], { cwd, env: { ...process.env, ...env } });
}

function found(cwd: string, command: string[], env: NodeJS.ProcessEnv = {}): Found {
  return JSON.parse(scan(cwd, ['--json', '--', ...command], env).stdout) as Found;
}

const APPLICATION = {
  'package.json': '{"name":"app"}',
  'main.cjs': `
    const { spawnSync } = require('node:child_process');
    const { Worker } = require('node:worker_threads');
    require('dep');
    require('./data.json');
    console.log('said by the program');
    import('./imported.mjs');
    new Worker(__dirname + '/worker.cjs', { env: {}, execArgv: [] });
    spawnSync(process.execPath, [__dirname + '/child.cjs'], { env: {} });
  `,
  'data.json': '{}',
  'imported.mjs': '',
  'worker.cjs': '',
  'child.cjs': 'require("dep")',
  'never.cjs': '',
  'node_modules/dep/index.js': ['', 0o755],
  'node_modules/dep/never.js': '',
} as const;

/** Each part goes through a gate and says so. */
const GATES = {
  'main.cjs': [
    `
    const { spawnSync } = require('node:child_process');
    const { Worker } = require('node:worker_threads');
    console.log(eval('"eval"'));
    require('./data.json');
    const file = (name) => __dirname + '/' + name;
    spawnSync(process.execPath, [file('child.cjs')], { env: {}, stdio: 'inherit' });
    new Worker(file('worker.cjs'), { env: {}, execArgv: [] });
  `,
    0o755,
  ],
  'child.cjs': [`console.log(require('node:vm').runInNewContext('"vm"'))`, 0o755],
  'worker.cjs': [
    `
    const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    console.log(new WebAssembly.Module(bytes) && 'wasm');
  `,
    0o755,
  ],
  'data.json': '{}',
} as const;
const SAID = 'eval\nvm\nwasm\n';

const LOADED = ['child.cjs', 'imported.mjs', 'main.cjs', 'worker.cjs'];

describe.for(MAJORS)('scan -- program on Node %i', (major) => {
  const node = nodeBinary(major);

  it('finds what the program, its Workers and its children load and is refused, and nothing else', () => {
    const root = tree(APPLICATION);
    expect(found(root, [node, 'main.cjs'])).toEqual({
      root,
      command: [node, 'main.cjs'],
      status: 0,
      signal: null,
      code: 5,
      refused: LOADED.map((path) => ({ path, package: 'app', reason: 'mode', errno: 'EACCES' })),
      options: [],
      starts: [],
      leftOut: [],
      withoutFile: 0,
      unexamined: [],
      lost: 0,
    });
  });

  it('then seal --from-audit gives x to just that, the program runs under locked securebits, and undo takes it away', () => {
    const root = tree(APPLICATION);
    const log = join(temporary(), 'audit.jsonl');
    const before = modes(root);
    const run = (): Result => spawned(['run', '--lock', '--', node, 'main.cjs'], { cwd: root });
    expect(run().status).toBe(126);

    expect(scan(root, ['--audit-log', log, '--', node, 'main.cjs']).status).toBe(1);
    expect(spawned(['seal', '--from-audit', log, '.'], { cwd: root })).toMatchObject({ status: 0 });
    const sealed = Object.keys(before).filter((path) => modes(root)[path] !== before[path]);
    expect(sealed.sort()).toEqual(LOADED);

    expect(run()).toMatchObject({ status: 0, stdout: 'said by the program\n', stderr: '' });
    expect(scan(root, ['--', node, 'main.cjs'])).toMatchObject({ status: 0, stderr: '' });
    expect(spawned(['seal', '--undo', '.'], { cwd: root }).status).toBe(0);
    expect(modes(root)).toEqual(before);
  });

  it('names a file that was refused once, although it was allowed later', () => {
    const root = tree({
      'main.cjs': [
        `
        require('./later.cjs');
        require('node:fs').chmodSync(__dirname + '/later.cjs', 0o755);
        delete require.cache[require.resolve('./later.cjs')];
        require('./later.cjs');
      `,
        0o755,
      ],
      'later.cjs': '',
    });
    expect(found(root, [node, 'main.cjs']).refused).toMatchObject([{ path: 'later.cjs' }]);
  });

  it('says why an addon would be refused whose libraries cannot be checked', () => {
    const root = tree({
      'main.cjs': [`process.dlopen({ exports: {} }, __dirname + '/addon.node')`, 0o755],
      // What $LIB may stand for.
      'lib/x86_64-linux-gnu/x': '',
      'lib64/x': '',
    });
    const compile = (out: string, ...links: string[]): void => {
      const words = ['-shared', '-o', out, '-x', 'c', '-', ...links];
      execFileSync('cc', words, { cwd: root, input: '' });
    };
    compile('lib64/libneeded.so');
    compile('lib/x86_64-linux-gnu/libneeded.so');
    compile('addon.node', '-Wl,--no-as-needed', '-Llib64', '-lneeded', `-Wl,-rpath,${root}/$LIB`);
    const { stdout, stderr, status } = scan(root, ['--', node, 'main.cjs']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^no file fails its check, but something would be refused: /);
    expect(stderr).toContain(`addon.node: EACCES`);
    expect(stderr).toContain('its libraries cannot be checked');
  });

  it('enforces nothing, whatever the environment says', () => {
    const root = tree(APPLICATION);
    const env = { MAYEXEC_ENFORCE: '1', MAYEXEC_STRICT: '1' };
    const { stdout, stderr, status } = scan(root, ['--', node, 'main.cjs'], env);
    expect(stdout).toMatch(
      /^said by the program\n4 files would be refused: 5 files of code loaded/,
    );
    expect([stderr, status]).toEqual(['', 1]);
  });

  it('with --strict names the gates that the program, its Workers and its children need', () => {
    const root = tree(GATES);
    const command = [node, 'main.cjs'];
    const { stdout, stderr } = scan(root, ['--strict', '--', ...command]);
    const line = /^To run it: mayexec (run --strict.*) -- .* main\.cjs$/m.exec(stdout)?.[1];
    expect(line, stdout + stderr).toBe(
      'run --strict --allow data --allow eval --allow vm --allow wasm',
    );
    const run = (words: string[]): Result => spawned([...words, '--', ...command], { cwd: root });
    const words = (line as string).split(' ');
    expect(run(words)).toMatchObject({ status: 0, stdout: SAID, stderr: '' });
    // Without any one of them it fails.
    for (let i = 2; i < words.length; i += 2) {
      expect(run(words.toSpliced(i, 2)).stdout, words[i + 1]).not.toBe(SAID);
    }
  });

  it('with --strict names no command that would be refused', () => {
    const root = tree({ 'main.cjs': `eval('1')` });
    const needs = 'When nothing else is refused, it needs: mayexec run --strict --allow eval';
    for (const command of [
      [node, '-e', `eval('1')`],
      [node, 'main.cjs'],
    ]) {
      const { stdout } = scan(root, ['--strict', '--', ...command]);
      expect(stdout).toContain(needs);
      expect(stdout).not.toContain('To run it');
      expect(stdout).not.toContain('nothing is refused');
    }
  });

  it('with --strict takes the use of a gate for no code that comes from no file', () => {
    const root = tree(GATES);
    const json = scan(root, ['--strict', '--json', '--', node, 'main.cjs']).stdout;
    expect(JSON.parse(json)).toMatchObject({
      gates: ['data', 'eval', 'vm', 'wasm'],
      withoutFile: 0,
      refused: [],
      lost: 0,
    });
    expect(found(root, [node, 'main.cjs'])).not.toHaveProperty('gates');
  });

  it('counts code that comes from no file, which a policy refuses', () => {
    const { withoutFile, refused, code } = found(tree({}), [node, '-e', '1']);
    expect([withoutFile, refused, code]).toEqual([1, [], 0]);
  });
});

const node = nodeBinary(24);

describe('scan -- program tells', () => {
  it.each([
    ['its status', 'process.exit(3)', 'mayexec: the program ended with status 3\n'],
    [
      'its signal',
      'process.kill(process.pid, "SIGTERM")',
      'mayexec: the program ended with SIGTERM\n',
    ],
    ['nothing of one that ended well', '', ''],
  ])('how the program ended: %s', (_name, text, stderr) => {
    const root = tree({ 'main.cjs': [text, 0o755] });
    expect(scan(root, ['--', node, 'main.cjs'])).toMatchObject({ status: 0, stderr });
  });

  it.each(['--json', '--sarif', '--junit'])('%s alone on standard output', (form) => {
    const root = tree({ 'main.cjs': 'console.log("said by the program")' });
    const { stdout, stderr } = scan(root, [form, '--', node, 'main.cjs']);
    expect(stdout).toMatch(/^[{<]/);
    expect(stdout).toContain('main.cjs');
    expect(stderr).toBe('said by the program\n');
  });

  it('how to seal what is in the log', () => {
    const root = tree({ 'main.cjs': '' });
    const { stdout } = scan(root, ['--audit-log', 'a.log', '--', node, 'main.cjs']);
    expect(stdout).toContain('mayexec seal --from-audit a.log .');
  });

  it('a file outside the current directory by its whole path', () => {
    const root = tree({ 'main.cjs': '' });
    mkdirSync(join(root, 'elsewhere'));
    const paths = found(join(root, 'elsewhere'), [node, '../main.cjs']).refused.map(
      ({ path }) => path,
    );
    expect(paths).toEqual([join(root, 'main.cjs')]);
  });

  it('what mayexec run removes from the environment', () => {
    const root = tree({ 'main.cjs': ['', 0o755] });
    const { stderr } = scan(root, ['--', node, 'main.cjs'], { OPENSSL_CONF: '/dev/null' });
    expect(stderr).toBe('mayexec: mayexec run removes from the environment: OPENSSL_CONF\n');
  });

  it('a file whose text the program replaces', () => {
    const replaces = `require('node:fs').readFileSync = () => ';'; require('./real.js')`;
    const root = tree({ 'main.cjs': [replaces, 0o755], 'real.js': ['', 0o755] });
    const { status, stderr } = scan(root, ['--', node, 'main.cjs']);
    expect(stderr).toMatch(
      /^mayexec: would be refused: real\.js: the code is in no file of its own/,
    );
    expect(status).toBe(1);
  });

  it('only of this run, when the log was there before', () => {
    const root = tree({ 'one.cjs': '', 'two.cjs': '' });
    const at = ['--json', '--audit-log', 'a.log', '--', node];
    scan(root, [...at, 'one.cjs']);
    const { refused } = JSON.parse(scan(root, [...at, 'two.cjs']).stdout) as Found;
    expect(refused.map(({ path }) => path)).toEqual(['two.cjs']);
    expect(readFileSync(join(root, 'a.log'), 'utf8')).toContain('one.cjs');
  });
});

describe('scan -- program is a failure, with status 2,', () => {
  it.each<[string, string[], RegExp]>([
    ['when nothing was loaded', ['--', '/bin/true'], /nothing was loaded/],
    ['when there is no such program', ['--', './absent'], /ENOENT/],
    ['with a directory too', ['.', '--', '/bin/true'], /one directory, or a program after --/],
    ['with --strict and no program', ['--strict', '.'], /--strict needs a program after --/],
    ['with two directories', ['.', '.'], /one directory, or a program after --/],
    ['when the log cannot be written', ['--audit-log', 'absent/a', '--', '/bin/true'], /ENOENT/],
  ])('%s', (_name, args, stderr) => {
    const result = scan(tree({}), args);
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(stderr);
    expect(result.stdout).not.toContain('nothing is refused');
  });

  it('where the securebits are set, and starts nothing', () => {
    const root = tree({ 'main.cjs': 'console.log("started")' });
    const index = pathToFileURL(fileURLToPath(new URL('../../dist/index.js', import.meta.url)));
    const main = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));
    const script = `
      import { execFileSync, spawnSync } from 'node:child_process';
      import { setSecurebits } from '${index.href}';
      setSecurebits({ denyInteractive: true });
      const { status } = spawnSync(process.execPath, ['${main}', 'scan', '--', process.execPath, 'main.cjs'], { stdio: 'inherit' });
      process.exitCode = status;`;
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(/^mayexec: the exec securebits are set here/);
    expect(result.status).toBe(2);
  });
});
