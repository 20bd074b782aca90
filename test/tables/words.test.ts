import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { everyOption } from '../../src/tables/options.js';
import {
  fileOption,
  findOption,
  parseNodeOptions,
  parseWords,
  splitNodeOptions,
} from '../../src/tables/words.js';
import { MAJORS, nodeBinary } from '../preload/versions.js';

const started = fileURLToPath(new URL('programs/started.cjs', import.meta.url));
const cwd = fileURLToPath(new URL('programs', import.meta.url));

interface Started {
  execArgv: string[];
  argv: string[];
  title: string;
  code?: string;
}

/** Command lines, and where the program begins on each: what is before it is Node's. */
const lines: { words: string[]; program: number; code?: string }[] = [
  { words: ['a.js'], program: 0 },
  { words: ['--no-warnings', 'ok.cjs', '--build-snapshot'], program: 1 },
  { words: ['--title', 'a', 'b.js', '--title'], program: 2 },
  { words: ['--title=a', 'b.js'], program: 1 },
  { words: ['--title', '\\-a', 'b.js'], program: 2 },
  { words: ['--no-warnings', '-', 'a'], program: 1 },
  { words: ['--no-warnings', '--', '--title', 'a'], program: 2 },
  { words: ['-e', '1', 'a', '--title'], program: 2, code: '1' },
  { words: ['-p', '1', 'a', '-e'], program: 2, code: '1' },
  { words: ['--print', '1', '--no-warnings', 'a'], program: 3, code: '1' },
  { words: ['-pe', '1', 'a'], program: 2, code: '1' },
  { words: ['-p', '-e', '1', 'a'], program: 3, code: '1' },
  { words: ['--eval=1', 'a'], program: 1, code: '1' },
  { words: ['-C', 'a', '--conditions=b', 'c.js'], program: 3 },
  { words: ['--no_warnings', '--stack_trace_limit=5', 'a.js'], program: 2 },
  { words: ['--inspect-port', '0', 'a.js'], program: 2 },
  { words: ['--expose-gc', 'a.js', '--title'], program: 1 },
  { words: ['-expose_gc', '--noexpose-gc', '--no-opt', 'a.js'], program: 3 },
  { words: ['--diagnostic-dir', 'x', 'a.js'], program: 2 },
  { words: ['--unhandled-rejections', 'none', '--throw-deprecation', 'a.js'], program: 3 },
  { words: ['-i', '-r', started, 'a.js'], program: 3 },
];

/** With these Node runs a program of its own, waits for standard input or ends with an error. */
const notStarted: typeof lines = [
  { words: ['--force-fips', 'a.js'], program: 1 },
  { words: ['--prof-process', '--title', 'a.js'], program: 1 },
  { words: ['--no-warnings', '--title'], program: 2 },
  { words: ['--no-warnings', '--print'], program: 2 },
];

describe.for(MAJORS)('a command line on Node %i', (major) => {
  test.concurrent.for(lines)('$words', ({ words, program, code }) => {
    const { stdout, stderr } = spawnSync(nodeBinary(major), words, {
      cwd,
      encoding: 'utf8',
      env: { NODE_OPTIONS: `--require ${started}`, NODE_NO_WARNINGS: '1' },
    });
    expect(stdout, stderr).not.toBe('');
    const node = JSON.parse(stdout) as Started;
    const parsed = parseWords(words);
    expect(parsed.program).toBe(program);
    // Node keeps no -- among them.
    expect(node.execArgv).toEqual(words.slice(0, program).filter((word) => word !== '--'));
    const rest = words.slice(program);
    const [script] = rest;
    // Node makes a path absolute, but not one that looks like an option.
    const isFile = script?.startsWith('-') === false && code === undefined;
    expect(node.argv).toEqual(isFile ? [join(cwd, script), ...rest.slice(1)] : rest);
    expect(node.code).toBe(code);
    expect(parsed.options.find(({ name }) => name === '--eval')?.value).toBe(code);
  });
});

test.for([...lines, ...notStarted])(
  '$words: the program begins where it should',
  ({ words, program }) => {
    expect(parseWords(words).program).toBe(program);
  },
);

test.for([
  [['--title=a'], 'a'],
  [['--title='], ''],
  [['--title=a=b'], 'a=b'],
  [['--title', '\\-a'], '-a'],
  [['--title', '--no-warnings'], undefined],
  [['--title'], undefined],
  [['--no-warnings', 'a'], undefined],
] as const)('the first option of %j has the value %j', ([words, value]) => {
  expect(parseWords(words).options[0]?.value).toBe(value);
});

test.for([
  ['--test-isolation=process', 'harmless'],
  ['--experimental-test-isolation=process', 'harmless'],
  ['--test-isolation=none', 'before-javascript'],
  ['--test-isolation=', 'before-javascript'],
  ['--test-isolation', 'before-javascript'],
  ['--title=process', 'harmless'],
  ['--openssl-config=process', 'before-javascript'],
  ['--openssl-config', 'before-javascript'],
])('%s is %s', ([word, effect]) => {
  expect(parseWords([word as string]).options[0]?.row?.effect).toBe(effect);
});

describe('a list of words or options', () => {
  test('is like any other list', () => {
    expect(Object.getOwnPropertyDescriptors(splitNodeOptions('a b'))).toEqual(
      Object.getOwnPropertyDescriptors(['a', 'b']),
    );
  });

  test('is the same after hostile code has run', () => {
    const words = ['--openssl-config', '--title=a'];
    const expected = parseWords(words);
    const hostile = { configurable: true, get: () => undefined, set: () => undefined };
    Object.defineProperty(Array.prototype, 0, hostile);
    Object.defineProperty(Object.prototype, 'harmlessValue', hostile);
    let found;
    try {
      found = parseWords(words);
    } finally {
      Reflect.deleteProperty(Array.prototype, 0);
      Reflect.deleteProperty(Object.prototype, 'harmlessValue');
    }
    expect(found).toEqual(expected);
  });
});

describe('NODE_OPTIONS', () => {
  const texts: [text: string, words: string[]][] = [
    ['', []],
    ['  --title   --title=c ', ['--title', '--title=c']],
    ['--title "a b.js" --title=c', ['--title', 'a b.js', '--title=c']],
    ['--title="a \\"b\\" \\\\c"', ['--title=a "b" \\c']],
    ['--ti"tle=a b"', ['--title=a b']],
    ['--title=a "" --title=b', ['--title=a', '--title=b']],
    ['--title=a\\', ['--title=a\\']],
    ['--title=a\tb', ['--title=a\tb']],
    ["--title='a", ["--title='a"]],
  ];

  test.for(texts)('%j is split into %j', ([text, words]) => {
    expect(splitNodeOptions(text)).toEqual(words);
  });

  test.concurrent.for(texts)('%j is what Node makes of it', ([text]) => {
    const title = parseNodeOptions(text).findLast(({ value }) => value !== undefined)?.value;
    for (const major of MAJORS) {
      const { stdout } = spawnSync(nodeBinary(major), ['a.js'], {
        encoding: 'utf8',
        argv0: 'n'.repeat(100),
        env: { NODE_OPTIONS: `--require ${started} ${text}` },
      });
      // An error, or what was given.
      if (stdout === '') expect(text).toContain('--title   --title');
      else if (title !== undefined) expect((JSON.parse(stdout) as Started).title).toBe(title);
    }
  });

  test('a word that is no option is passed over', () => {
    const names = parseNodeOptions('a --title=b c --require d').map(({ name }) => name);
    expect(names).toEqual(['--title', '--require']);
  });

  test('each option is found once', () => {
    const names = parseNodeOptions('--title=a --require b --no-warnings').map(({ name }) => name);
    expect(names).toEqual(['--title', '--require', '--no-warnings']);
  });
});

describe('an option', () => {
  test.for([
    ['-r', '--require'],
    ['--loader', '--experimental-loader'],
    ['--experimental_loader', '--experimental-loader'],
    ['--debug-port', '--inspect-port'],
    ['--harmony_shadow_realm', '--harmony-shadow-realm'],
    ['-harmony_shadow_realm', '--harmony-shadow-realm'],
    ['--no-harmony-shadow-realm', '--harmony-shadow-realm'],
    ['--nodisallow_code_generation-from-strings', '--no-disallow-code-generation-from-strings'],
    ['-no_disallow-code-generation-from-strings', '--no-disallow-code-generation-from-strings'],
    ['--disallow-code-generation-from-strings', '--disallow-code-generation-from-strings'],
    ['--no-addons', '--no-addons'],
    ['--addons', '--addons'],
    ['--no-experimental_strip_types', '--strip-types'],
    ['-_expose_gc', '--expose-gc'],
    ['-require', undefined],
    ['--constructor', undefined],
    ['--__proto__', undefined],
    ['--no-', undefined],
    ['--allow-natives-for-differential-fuzzing', undefined],
    // Harmless options stand side by side in a text: no part of it and no two of them are one.
    ['--input-type', '--input-type'],
    ['--input-type=', undefined],
    ['--input-type= experimental-default-type', undefined],
    ['--watch watch-path', undefined],
    ['--entry-url experimental-detect-module', undefined],
    ['--compact compact-code-space', undefined],
    ['--compact compact_code_space', undefined],
    ['--compaction', undefined],
    ['--type', undefined],
    ['--preserve', undefined],
    ['--symlinks-main', undefined],
    ['--watch-', undefined],
    ['-watch', undefined],
    ['-xwatch', undefined],
    ['x-watch', undefined],
    ['--', undefined],
    ['-- ', undefined],
    ['', undefined],
  ])('%j is %s', ([written, name]) => {
    expect(findOption(written as string)?.name).toBe(name);
  });
});

test('each row is found by its name', () => {
  for (const row of everyOption()) expect(findOption(row.name)).toEqual(row);
});

test.for([
  [['node', 'a.js', '--experimental-config-file=b'], '--experimental-config-file'],
  [['node', 'a.js', '--', '--experimental-config-file', 'b'], '--experimental-config-file'],
  [['--experimental-config-file=b'], '--experimental-config-file'],
  [['node', 'a.js', '--experimental-default-config-file'], '--experimental-default-config-file'],
  [['node', 'a.js', '--experimental-default-config-file=1'], '--experimental-default-config-file'],
  [['node', 'a.js', '--experimental-default-config-files'], '--experimental-default-config-file'],
  [['node', 'a.js', '--env-file', 'b'], '--env-file'],
  [['--env-file=b', 'a.js'], '--env-file'],
  [['node', 'a.js', '--env-file-if-exists=b'], '--env-file-if-exists'],
  [['node', '--', 'a.js', '--env-file=b'], undefined],
  [['node', 'a.js', '--env-files', '--env_file=b'], undefined],
  [['node', 'a.js', '--experimental_config_file=b'], undefined],
  [['node', 'a.js', '-experimental-config-file=b'], undefined],
  [['node', 'a.js', '--experimental-config-files'], undefined],
] as const)('%j: a file of options by %s', ([argv, name]) => {
  expect(fileOption(argv)?.name).toBe(name);
});

test.for([
  ['--permission', '--permission'],
  ['--no-permission', '--no-permission'],
  ['--no_permission', '--no-permission'],
  ['--no-allow-addons', '--no-allow-addons'],
])('%s is called %s, so what is negated is never taken for what is given', ([word, name]) => {
  expect(parseWords([word as string]).options.map((option) => option.name)).toEqual([name]);
});
