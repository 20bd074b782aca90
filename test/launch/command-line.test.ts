import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { adviceOf, everyOption } from '../../src/tables/options.js';
import { parseNodeOptions, parseWords, type GivenOption } from '../../src/tables/words.js';
import { nodeBinary } from '../preload/versions.js';
import { launched } from './launcher.js';

const folder = mkdtempSync(join(tmpdir(), 'mayexec-words-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const node = nodeBinary(24);
/** Prints its arguments, one a line, and then NODE_OPTIONS. */
const ECHO = '#!/bin/sh\nprintf "%s\\n" "$@"\n';
function put(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}
const echo = put('echo', ECHO);
const nodeish = put('node-tool', ECHO);
const named = put('node', ECHO);
const script = put('script.cjs', `#!/usr/bin/env ${node}\n`);
const link = join(folder, 'link');
symlinkSync(node, link);
const copy = join(folder, 'copy');
copyFileSync(node, copy);

const UNSAFE = '--build-snapshot';
const UNKNOWN = '--no-such-option-of-node';
/** A shell would make 2 ** 40 words of it. */
const json = JSON.stringify(Array(40).fill({ a: { b: 1, c: '$X' }, d: [] }));

describe('whose arguments they are', () => {
  test.for<[name: string, command: string[], refused: boolean]>([
    ['of Node', [node, UNSAFE, 'x'], true],
    ['of Node by a symbolic link', [link, UNSAFE, 'x'], true],
    ['of Node by a copy with another name', [copy, UNKNOWN], true],
    ['of Node, unknown', [node, UNKNOWN], true],
    ['of Node, of one dash', [node, '-such'], true],
    ['of what is named node, which may become one', [named, UNSAFE], true],
    ['of what is named node, unknown', [named, UNKNOWN], true],
    ['of what is named node, with its harmless value', [named, '--test-isolation=process'], false],
    ['of what is named node, with another value', [named, '--test-isolation=none'], true],
    ['of a program whose name only begins so', [nodeish, UNSAFE, UNKNOWN], false],
    ['of another program', [echo, UNSAFE, UNKNOWN, '--inspect-brk', '--env-file=x'], false],
    ['of another program, where a file is named node', [echo, '--', 'node', '--save'], false],
    ['of another program that is given a Node', [echo, node, UNSAFE], true],
    ['of env(1), unknown to Node', ['/usr/bin/env', node, UNKNOWN], true],
    ['of env(1) itself', ['/usr/bin/env', '--unset=X', echo, UNSAFE], false],
    ['of a shell for a Node', ['/bin/sh', '-c', `${named} "$@"`, 'sh', UNSAFE], true],
    ['behind a value in quotes', ['/bin/sh', '-c', `${named} -r "a b" ${UNSAFE}`], true],
    ['behind a redirection', ['/bin/sh', '-c', `${named} 2>x ${UNSAFE}`], true],
    ['behind an empty variable', ['/bin/sh', '-c', `${named} $X ${UNSAFE}`], true],
    ['of the second of two Nodes', ['/bin/sh', '-c', `${named} x; ${named} ${UNSAFE}`], true],
    ['of a Node behind a variable of its name', ['/usr/bin/env', '-u', named, named, UNSAFE], true],
    [
      'of a Node that bash gives its name',
      ['/bin/bash', '-c', `exec -a ${named} ${named} ${UNSAFE}`],
      true,
    ],
    [
      'of a Node behind words in quotes',
      ['/bin/sh', '-c', `env 'X=a; ${named} x y' ${named} ${UNSAFE}`],
      true,
    ],
    [
      'of a Node behind a brace',
      ['/bin/sh', '-c', `env A={${named} B=x C=y ${named} ${UNSAFE}`],
      true,
    ],
    [
      'of a Node that find(1) starts',
      ['/usr/bin/find', '-exec', named, 'x', ';', '-exec', named, UNSAFE, ';'],
      true,
    ],
    ['of a script in a plain text', ['/bin/sh', '-c', `${named} x.js --inspect`], false],
    ['of a script by its first line, there', ['/bin/sh', '-c', `true && ${script} --run`], false],
    ['of a script in a text with a variable', ['/bin/sh', '-c', `${named} x ${UNSAFE} $X`], true],
    ['of a Node in a plain text', ['/bin/sh', '-c', `${named} -r x ${UNSAFE} y; true`], true],
    ['behind an alias for nothing', ['/bin/sh', '-c', `alias -g a=\n${named} a ${UNSAFE}`], true],
    ['with a harmless value', ['/bin/sh', '-c', `A=--no-warnings; ${named} $A x.js`], false],
    ['with an unset name', ['/bin/sh', '-c', `${named} x.js --\${MODE} -$N`], false],
    ['of a Node by su, without a login', ['/usr/bin/su', '-c', `ls -l; ${named} x.js`], false],
    ['with a script as argument', ['/bin/sh', '-c', `exec ${named} "$@"`, 'sh', 'x.js'], false],
    ['with arguments in braces', ['/bin/sh', '-c', `${named} x.js {a,b} $'c\\td'`], false],
    ['of another Node', ['/bin/sh', '-c', `env -i true; A=${echo}; $A -i x`], false],
    ['of a program that is given JSON', [echo, json], false],
    ['in the text of a shell, of another program', ['/bin/sh', '-c', `${echo} ${UNSAFE}`], false],
  ])('%s', async ([, command, refused]) => {
    const { status, stderr } = await launched(['--', ...command]);
    expect(status, stderr).toBe(refused ? 126 : 0);
    if (refused)
      expect(stderr).toMatch(/^mayexec: .*--?(build-snapshot|no-such|such|test-isolation)/);
  });

  test.for<[name: string, command: string[], refused: boolean]>([
    ['by exec', ['/bin/bash', '-c', `exec -a --any ${named}`], true],
    ['by env', ['/usr/bin/env', '-a', '--any', named], true],
    ['by env, in one word', ['/usr/bin/env', '--argv0=--any', named], true],
    ['by env -S', ['/usr/bin/env', '-S', `-a --any ${named}`], true],
    ['by env --split-string', ['/usr/bin/env', `--split-string=-a --any ${named}`], true],
    ['by the dynamic loader', ['/lib64/ld-linux-x86-64.so.2', '--argv0', '--any', node], true],
    [
      'by the dynamic loader under another name',
      ['/bin/sh', '-c', `ln -sf /lib64/ld-linux-x86-64.so.2 link; ./link --argv0 --any ${node}`],
      true,
    ],
    ['by zsh', ['/bin/sh', '-c', `ARGV0=--any ${named}`], true],
    ['of another program', ['/bin/bash', '-c', `exec -a --any ${echo}`], false],
    ['none of an option', ['/bin/bash', '-c', `exec -a -node ${named}`], false],
    ['an option of another command', ['/bin/sh', '-c', `true -a --any; ${named}`], false],
    ['a value of another command', ['/bin/sh', '-c', `true --env-file=x; ${named}`], false],
  ])('a name that looks like an option, %s', async ([, command, refused]) => {
    const { status, stderr } = await launched(['--', ...command]);
    expect(status, stderr).toBe(refused ? 126 : 0);
    if (refused) expect(stderr).toMatch(/^mayexec: '.*' would set the name of a program/);
  });

  test('a text with more values than can be read is refused', async () => {
    const text = `X=${'x'.repeat(100_000)}; :${' $X'.repeat(30)}`;
    const { status, stderr } = await launched(['--', '/bin/sh', '-c', text]);
    expect(status).toBe(126);
    expect(stderr).toMatch(/^mayexec: E2BIG/);
  });

  test('behind the script they are the program’s', async () => {
    const { status, stderr } = await launched([
      ...['--', named, '--no-warnings', 'script.cjs'],
      ...[UNSAFE, UNKNOWN, '--inspect-brk', '--', UNSAFE],
    ]);
    expect(status, stderr).toBe(0);
  });

  test('a script that names Node in its first line has them for itself', async () => {
    const { status, stderr } = await launched(['--', join(folder, 'script.cjs'), UNSAFE, UNKNOWN], {
      cwd: folder,
    });
    expect(status, stderr).toBe(0);
  });

  test('--env-file behind -- is the program’s', async () => {
    const args = ['--', named, '--', 'script.cjs', '--env-file=x'];
    expect((await launched(args)).status).toBe(0);
  });
});

/** What src/tables says of an option, without --strict. */
function passes({ row }: GivenOption, inNodeOptions: boolean): boolean {
  if (row === undefined) return false;
  const { effect } = row;
  if (effect === 'interactive') return !inNodeOptions;
  return effect === 'harmless' || effect === 'weakens-strict' || effect === 'loads-checked';
}

/** Every name that the tables know, and spellings that Node and V8 take for it, or do not. */
const spellings = everyOption()
  .flatMap(({ name, aliases }) => [
    ...[name, ...aliases],
    ...(name.startsWith('--')
      ? [
          name.replaceAll(/(?<=\w)-/g, '_'),
          `--no-${name.slice(2)}`,
          `--no${name.slice(2)}`,
          name.slice(1),
          `${name}=x`,
          `${name}x`,
          name.slice(0, -1),
        ]
      : []),
  ])
  .concat([
    '-pe',
    '-rx',
    '-p=1',
    '--',
    '-',
    '---require',
    '--=x',
    '-=x',
    '',
    '--no-',
    '-no-',
    '--no',
  ]);
const words = [...new Set(spellings)].filter(
  (word) => !word.startsWith('--env-file') && !word.startsWith('--experimental-'),
);

// It starts the launcher some thousand times.
test('every option means to the launcher what the tables say', { timeout: 300_000 }, async () => {
  const wrong: string[] = [];
  const lines = put(
    'all',
    `#!/bin/sh\nwhile IFS= read -r word; do
    "$LAUNCHER" -- "$NODE" "$word" >/dev/null 2>&1; echo $?; done\n`,
  );
  const { launcher } = await import('../support/built.js');
  const answers = execFileSync(lines, {
    input: words.map((word) => `${word}\n`).join(''),
    env: { ...process.env, LAUNCHER: launcher, NODE: named, NODE_OPTIONS: '' },
    encoding: 'utf8',
  })
    .trimEnd()
    .split('\n');
  words.forEach((word, i) => {
    const expected = parseWords([word]).options.every((option) => passes(option, false));
    if ((answers[i] === '0') !== expected) wrong.push(`${word}: ${answers[i] ?? ''}`);
  });
  expect(wrong).toEqual([]);
  expect(answers).toHaveLength(words.length);
});

describe('under --strict', () => {
  const weakens = ['--experimental-vm-modules', '--no-disallow-code-generation-from-strings'];
  test.for<[name: string, options: string[], option: string, status: number]>([
    ['no option opens what is closed', ['--strict'], weakens[0] ?? '', 126],
    ['nor the other', ['--strict'], weakens[1] ?? '', 126],
    ['unless its gate is open', ['--strict', '--allow=vm'], weakens[0] ?? '', 0],
    ['its own gate', ['--strict', '--allow=vm'], weakens[1] ?? '', 126],
    ['eval', ['--strict', '--allow=eval'], weakens[1] ?? '', 0],
  ])('%s', async ([, options, option, status]) => {
    const outcome = await launched([...options, '--', named, option]);
    expect(outcome.status, outcome.stderr).toBe(status);
    const inherited = await launched([...options, '--', '/bin/sh', '-c', 'echo $NODE_OPTIONS'], {
      env: { NODE_OPTIONS: option },
    });
    expect(inherited.stdout.includes(option)).toBe(status === 0);
  });

  test('V8 is told to refuse strings, unless the gate eval is open', async () => {
    const command = ['--', '/bin/sh', '-c', 'echo $NODE_OPTIONS'];
    const option = ' --disallow-code-generation-from-strings';
    expect((await launched(['--strict', ...command])).stdout).toContain(option);
    expect((await launched(['--strict', '--allow=eval', ...command])).stdout).not.toContain(option);
  });
});

describe('NODE_OPTIONS', () => {
  /** What the command finds in them, without the preload. */
  async function left(
    text: string,
  ): Promise<{ words: string; said: string; status: number | null }> {
    const { stdout, stderr, status } = await launched(
      ['--', '/bin/sh', '-c', 'printf %s "$NODE_OPTIONS"'],
      { env: { NODE_OPTIONS: text } },
    );
    return {
      words: stdout.replace(/^"?--require=.*?register\.cjs"? --disable-sigusr1 ?/, ''),
      said: stderr,
      status,
    };
  }

  test.for([
    ['', '', ''],
    ['--max-old-space-size=64', '--max-old-space-size=64', ''],
    ['  --no-warnings   --stack-trace-limit=5 ', '--no-warnings --stack-trace-limit=5', ''],
    ['--title "a b"', '--title "a b"', ''],
    ['--title="a \\"b\\" \\\\c"', '"--title=a \\"b\\" \\\\c"', ''],
    ['--require a.js --no-warnings', '--require a.js --no-warnings', ''],
    ['-r "a b.js" --import=b.mjs', '-r "a b.js" --import=b.mjs', ''],
    ['--loader a.mjs --no-warnings', '--no-warnings', '--experimental-loader'],
    ['--loader "a b.mjs"', '', '--experimental-loader'],
    ['--experimental-vm-modules', '--experimental-vm-modules', ''],
    ['--inspect --inspect-brk=1', '', '--inspect --inspect-brk'],
    ['--conditions --loader x', '--conditions', '--experimental-loader'],
  ] as const)('%j leaves %j', async ([text, words, removed]) => {
    const found = await left(text);
    expect(found.words).toBe(words);
    const said = removed.split(' ').map((name) => {
      const row = everyOption().find((option) => option.name === name);
      return row === undefined ? '' : `NODE_OPTIONS ${name} (${row.why} ${adviceOf(row)})`;
    });
    expect(found.said).toBe(
      removed === '' ? '' : `mayexec: left out of the environment: ${said.join(', ')}\n`,
    );
  });

  test('each option that is left out is named, with the reason and what to do', async () => {
    const rows = everyOption().filter(({ effect }) => /unchecked|before|carries|insp/.test(effect));
    expect(rows.length).toBeGreaterThan(30);
    const { said } = await left(rows.map(({ name }) => `${name}=x`).join(' '));
    for (const row of rows) {
      expect(said).toContain(`NODE_OPTIONS ${row.name} (${row.why} ${adviceOf(row)})`);
    }
    // What is shown to everybody says what to do, and not only what not to do.
    expect(said).toContain('Debug where nothing is enforced');
    expect(said).toContain('Register hooks by module.registerHooks()');
  });

  test('an option that --strict closes is left out, and the message names its gate', async () => {
    const env = { NODE_OPTIONS: '--experimental-vm-modules' };
    const strict = ['--strict'];
    const { stderr } = await launched([...strict, '--', '/bin/true'], { env });
    expect(stderr).toBe(
      'mayexec: left out of the environment: ' +
        'NODE_OPTIONS --experimental-vm-modules (It lets a program make modules from strings. ' +
        '--strict closes it, --allow=vm keeps it)\n',
    );
    expect((await launched([...strict, '--allow=vm', '--', '/bin/true'], { env })).stderr).toBe('');
  });

  test('an option without a row is refused, by its name', async () => {
    const found = await left('--no-warnings --no-such-option');
    expect(found.status).toBe(126);
    expect(found.said).toMatch(/NODE_OPTIONS hold '--no-such-option'.*Take it out/);
  });

  test.for(['--no-warnings "', '"', '\\', '"a\\', '   ', '""', '"" --title ""'])(
    '%j is read to its end',
    async (text) => {
      const { status } = await left(text);
      expect(status).toBe(0);
    },
  );

  test('the launcher keeps the options that the tables keep', async () => {
    const kept = words.filter((word) => /^--?\w[\w-]*$/.test(word));
    const known = kept.filter((word) =>
      parseNodeOptions(word).every(({ row }) => row !== undefined),
    );
    const { words: text, status } = await left(known.join(' '));
    expect(status).toBe(0);
    const expected = known.filter((word) =>
      parseNodeOptions(word).every((option) => passes(option, true)),
    );
    expect(text.split(' ').filter((word) => word !== '')).toEqual(expected);
  });
});
