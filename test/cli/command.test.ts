import { spawnSync } from 'node:child_process';
import { closeSync, cpSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';

import { command } from '../support/built.js';
import { program } from '../../src/cli/program.js';
import type { Probe } from '../../src/probe.js';
import { withPrograms } from '../support/other-programs.js';
import { mayexec, onTerminal, spawned, temporary, tree } from './run.js';

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

const root = tree({
  'allowed.js': ['', 0o755],
  'refused.js': '',
  "it's here.js": '',
  'evil\u001b[31m\u202e.js': '',
});
const file = (name: string): string => join(root, name);

/** Every subcommand, and those of subcommands. `run` is the launcher's. */
async function everyCommand(): Promise<string[][]> {
  const words = (command: Command): string[][] => [
    [command.name()],
    ...command.commands.flatMap(words).map((more) => [command.name(), ...more]),
  ];
  const { commands } = await program();
  return commands.flatMap(words).filter(([name]) => name !== 'run');
}

describe('a usage error', () => {
  it('ends with 2 in every subcommand, also in one of a subcommand', async () => {
    const all = await everyCommand();
    expect(all).toContainEqual(['image', 'check']);
    for (const words of all) {
      const { status, stdout, stderr } = await mayexec([...words, '--nonsense']);
      expect({ words, status, stdout }).toEqual({ words, status: 2, stdout: '' });
      expect(stderr).toMatch(/unknown option|name a file|required/);
    }
  });

  it.each<[string, string[], RegExp]>([
    ['seal --cache', ['seal', root, '--cache', 'x'], /--cache goes with --lockfile/],
    ['seal --allow-changed', ['seal', root, '--allow-changed', 'x'], /goes with --lockfile/],
    ['seal --audit-root', ['seal', root, '--audit-root', '/x'], /goes with --from-audit/],
    ['scan --audit-log of a directory', ['scan', root, '--audit-log', 'x'], /needs a program/],
    ["scan --audit-log ''", ['scan', '--audit-log', '', '--', 'node'], /must name a file/],
    ['scan --emulate of a program', ['scan', '--emulate', '--', 'node'], /needs a directory/],
    ['scan --wx of a program', ['scan', '--wx', '--', 'node'], /looks at a directory, and runs/],
    ['build-node --allow', ['build-node', '--out', 'x', '--allow', 'vm'], /goes with --strict/],
    ['explain --top', ['explain', root, '--top', '3'], /--top goes with --from-audit/],
  ])('%s without what it belongs to', async (_name, args, told) => {
    const { status, stdout, stderr } = await mayexec(args);
    expect(stderr).toMatch(told);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('an error about a file that is written', () => {
  const log = join(tree({ log: '{"allowed":true,"denied":false}\n' }), 'log');
  it.each<[string, string[]]>([
    ['manifest', ['manifest', root, '--out', '/proc/nowhere/F']],
    ['report', ['report', '--from-audit', log, '--html', '/proc/nowhere/F']],
    ['image', ['image', root, '--out', '/proc/nowhere/F']],
  ])('%s names that file, and no temporary one', async (_name, args) => {
    const { status, stderr } = await mayexec(args);
    expect(stderr).toMatch(/^mayexec: ENOENT: [^\n]*'\/proc\/nowhere\/F'\n$/);
    expect(status).toBe(2);
  });
});

it('a manifest that is written to a pipe by its name comes out of it', () => {
  const script = '"$0" "$1" manifest "$2" --out /dev/stdout | cat';
  const words = ['-c', script, process.execPath, command, root];
  const { stdout, stderr } = spawnSync('sh', words, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^\{[^]*"allowed\.js"[^]*\}\n4 files of code in \/dev\/stdout\n$/);
});

describe('the command as such', () => {
  it.each([
    ['--version prints the version', ['--version'], 0, new RegExp(`^${version}\n$`), /^$/],
    [
      '--help goes to stdout and names every subcommand',
      ['--help'],
      0,
      /probe[^]*check[^]*scan[^]*seal/,
      /^$/,
    ],
    ['no subcommand is a usage error, with the help on stderr', [], 2, /^$/, /Usage: mayexec/],
    ['an unknown subcommand is a usage error', ['nonsense'], 2, /^$/, /unknown command/],
    ['an unknown option is a usage error', ['scan', '--nonsense'], 2, /^$/, /unknown option/],
    ['a missing argument is a usage error', ['check'], 2, /^$/, /missing required argument/],
    [
      'two output formats at once are a usage error',
      ['scan', '--json', '--sarif'],
      2,
      /^$/,
      /cannot be used with/,
    ],
    [
      'a directory that is not there is a failure',
      ['scan', '/nonexistent'],
      2,
      /^$/,
      /^mayexec: ENOENT: .*'\/nonexistent'\n$/,
    ],
    [
      'a file in the place of a directory is a failure',
      ['scan', '/bin/ls'],
      2,
      /^$/,
      /^mayexec: ENOTDIR/,
    ],
  ] as const)('%s', async (_name, args, status, stdout, stderr) => {
    const result = await mayexec([...args]);
    expect(result.stdout).toMatch(stdout);
    expect(result.stderr).toMatch(stderr);
    expect(result.status).toBe(status);
  });

  withPrograms('script')('colours its output on a terminal', async () => {
    expect(await onTerminal(['check', file('allowed.js')])).toContain('\u001b[32mallowed');
  });

  withPrograms('script')('leaves colours out on a terminal with NO_COLOR', async () => {
    expect(await onTerminal(['check', file('allowed.js')], { NO_COLOR: '1' })).toContain(
      'allowed  ',
    );
    expect(await onTerminal(['check', file('allowed.js')], { NO_COLOR: '1' })).not.toContain(
      '\u001b[3',
    );
  });

  it('leaves colours out of a pipe, even with FORCE_COLOR', () => {
    const env = { ...process.env, FORCE_COLOR: '1' };
    expect(spawned(['check', file('allowed.js')], { env })).toEqual({
      status: 0,
      stdout: `allowed  ${file('allowed.js')}\n`,
      stderr: '',
    });
  });

  it('has an exit status for the shell', () => {
    expect(spawned(['check', file('refused.js')]).status).toBe(1);
    expect(spawned(['scan', '/nonexistent']).status).toBe(2);
  });

  it('shows the control characters in a name instead of sending them to the terminal', async () => {
    const { stdout } = await mayexec(['check', file('evil\u001b[31m\u202e.js')]);
    expect(stdout).toContain('evil\\u{1b}[31m\\u{202e}.js');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('mayexec probe', () => {
  it('prints what probe() answers as JSON', async () => {
    const { stdout, status } = await mayexec(['probe', '--json']);
    const answer = JSON.parse(stdout) as Probe;
    expect(answer.platform).toBe('linux');
    expect(status).toBe(answer.mechanism === 'none' ? 3 : 0);
  });

  it('prints a table that names the mechanism', async () => {
    expect((await mayexec(['probe'])).stdout).toMatch(
      /^mechanism +(at_execve_check|o_mayexec|none)$/m,
    );
  });
});

describe('mayexec check', () => {
  it('allows an executable file, with status 0', async () => {
    const result = await mayexec(['check', file('allowed.js')]);
    expect(result).toEqual({ status: 0, stdout: `allowed  ${file('allowed.js')}\n`, stderr: '' });
  });

  it('refuses a file without x, says what helps, and ends with status 1', async () => {
    const { stdout, status } = await mayexec(['check', file('allowed.js'), file("it's here.js")]);
    expect(stdout).toContain(
      `allowed  ${file('allowed.js')}\nrefused  ${file("it's here.js")}: no execute permission`,
    );
    expect(stdout).toContain(`chmod +x '${root}/it'\\''s here.js'`);
    expect(status).toBe(1);
  });

  it('ends with status 2 when one file cannot be opened, and answers about the others', async () => {
    const { stdout, status } = await mayexec(['check', file('absent.js'), file('refused.js')]);
    expect(stdout).toMatch(/failed .*absent\.js: ENOENT/);
    expect(stdout).toMatch(/refused .*refused\.js/);
    expect(status).toBe(2);
  });

  it('says of a directory that it is one, and ends with status 2', async () => {
    const { stdout, status } = await mayexec(['check', '--json', root]);
    expect(JSON.parse(stdout)).toMatchObject([{ path: root, error: { code: 'EISDIR' } }]);
    expect(status).toBe(2);
  });

  it('gives the verdict, its reason and the fix as JSON', async () => {
    const { stdout } = await mayexec(['check', '--json', file('refused.js')]);
    expect(JSON.parse(stdout)).toEqual([
      {
        path: file('refused.js'),
        verdict: {
          allowed: false,
          binding: true,
          mechanism: 'at_execve_check',
          errno: 'EACCES',
          reason: 'mode',
        },
        fix: `chmod +x ${file('refused.js')}`,
      },
    ]);
  });
});

describe('mayexec build-addon', () => {
  it('says what it needs where npm is missing, and leaves nothing behind', () => {
    const env = { PATH: '/nonexistent', TMPDIR: temporary() };
    const { status, stdout, stderr } = spawned(['build-addon'], { env });
    expect(stderr).toMatch(
      /^mayexec: npm install [^\n]*ENOENT\. The build needs npm, a registry, python3, make and a C\+\+ compiler\n$/,
    );
    expect({ status, stdout, left: readdirSync(env.TMPDIR) }).toEqual({
      status: 2,
      stdout: '',
      left: [],
    });
  });

  /** node-gyp's, whose output the next rows choose. */
  const builder = (built: readonly string[]): string => `
    const { mkdirSync, readdirSync, writeFileSync } = require('node:fs');
    mkdirSync('build/Release', { recursive: true });
    for (const file of ${JSON.stringify(built)})
      writeFileSync('build/Release/' + file, readdirSync('.').sort().join());`;

  it.each([
    ['both files', ['mayexec.node', 'mayexec-run']],
    ['the addon alone where there is no static libc', ['mayexec.node']],
  ])('puts %s in place of the old, which running processes keep', (_name, built) => {
    const copy = temporary();
    for (const file of ['dist', 'native', 'binding.gyp', 'package.json'])
      cpSync(new URL(`../../${file}`, import.meta.url), join(copy, file), { recursive: true });
    tree({ 'mayexec.node': 'old', 'mayexec-run': 'old' }, join(copy, 'build/Release'));
    const bin = tree({
      npm: [
        '#!/bin/sh\nmkdir -p node_modules/node-gyp/bin\ncp "$0.cjs" node_modules/node-gyp/bin/node-gyp.js\n',
        0o755,
      ],
      'npm.cjs': builder(built),
    });
    const env = { PATH: `${bin}:/usr/bin:/bin`, TMPDIR: temporary() };
    const running = openSync(join(copy, 'build/Release/mayexec.node'), 'r');
    const words = [join(copy, 'dist/cli.cjs'), 'build-addon'];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      env,
      encoding: 'utf8',
    });
    const kept = readFileSync(running, 'utf8');
    closeSync(running);
    expect({ status, stderr, kept, left: readdirSync(env.TMPDIR) }).toEqual({
      ...{ status: 0, stderr: '', kept: 'old', left: [] },
    });
    const of = (file: string): string => join(copy, 'build/Release', file);
    expect(stdout).toBe(built.map((file) => `Wrote ${of(file)}.\n`).join(''));
    for (const file of ['mayexec.node', 'mayexec-run']) {
      const text = built.includes(file)
        ? 'binding.gyp,build,dist,native,node_modules,package.json'
        : 'old';
      expect(readFileSync(of(file), 'utf8'), file).toBe(text);
    }
    expect(readdirSync(join(copy, 'build/Release'))).toEqual(['mayexec-run', 'mayexec.node']);
  });
});

describe('where the launcher was not built, for want of a static libc', () => {
  const copy = temporary();
  for (const file of ['dist', 'build/Release/mayexec.node'])
    cpSync(new URL(`../../${file}`, import.meta.url), join(copy, file), { recursive: true });

  it.each([
    ['run', ['run', '--', 'echo', 'started']],
    ['preload --launcher', ['preload', '--launcher']],
  ])('%s ends with status 3 and says how to get it', (_name, args) => {
    const words = [join(copy, 'dist/cli.cjs'), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    const missing = `mayexec: mayexec-run is missing at '${join(copy, 'build/Release/mayexec-run')}'`;
    expect(stderr.slice(0, missing.length)).toBe(missing);
    expect(stderr).toMatch(/install a static libc .* and run `npx mayexec build-addon`\n$/);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  });
});
