/**
 * The launcher and the preload read the same texts by the same rules, in C and in
 * TypeScript. Random texts find where they differ.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { beforeAll, expect, test } from 'vitest';

import { loadNative } from '../../src/preload/lib/native.js';
import { splitWords } from '../../src/preload/inherit/child-text.js';
import { bringingWord } from '../../src/preload/inherit/bringing-word.js';
import { clearingWord } from '../../src/preload/inherit/clearing-word.js';
import { newPlace } from '../../src/preload/inherit/program-file.js';
import { withValues } from '../../src/preload/inherit/shell-values.js';
import { wordOfOptionName } from '../../src/preload/inherit/given-name.js';
import { everyOption } from '../../src/tables/options.js';
import { parseWords, splitNodeOptions } from '../../src/tables/words.js';
import { scaled } from '../support/program.js';
import { sandbox } from '../support/sandbox.js';
import { generator } from './random.mjs';

const TEXTS = scaled(50_000);
const SEED = Number(process.env['MAYEXEC_FUZZ_SEED'] ?? Date.now() % 2 ** 31);

const box = sandbox();
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const native = here('../../native/');
const program = box.path('agreement');

beforeAll(() => {
  loadNative();
  const gypi = readFileSync(`${native}run/sources.gypi`, 'utf8');
  const { sources } = JSON.parse(gypi) as { sources: string[] };
  const others = sources.filter((file) => file !== 'main.c' && file !== 'node_options.c');
  const tables = box.path('tables.c');
  execFileSync(process.execPath, [`${native}run/tables.mjs`, tables]);
  execFileSync('cc', [
    ...['-std=gnu11', '-O1', '-iquote', `${native}run`, '-o', program, here('agreement.c'), tables],
    ...others.map((file) => `${native}run/${file}`),
  ]);
});

function byLauncher(letter: string, texts: readonly string[]): string[][] {
  const input = texts.map((text) => `${letter}${text}\0`).join('');
  const output = execFileSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  const answers = output.split('\u0002').slice(0, -1);
  return answers.map((answer) => answer.split('\u0001').slice(0, -1));
}

/** Scripts, before which the words of their first lines come, also of an interpreter's. */
const withWord = box.file('with-word', 0o755, '#!/bin/sh -e -- $@\n');
const nested = box.file('nested', 0o755, `#!${withWord}\n`);
const endless = box.file('endless', 0o755, `#!${box.path('endless')} a\n`);

const random = generator(SEED);
const PIECES = [
  ...Array.from(' \t\n;&|(){}`$<>"\'\\\\_=-/ab12iuCaSvc'),
  ...['env', '-S', 'exec', 'node', 'NODE_OPTIONS', '--ignore-env', '--s', '--reset-env', '-i'],
  ...[
    '\\_',
    '\\v',
    '\v',
    '\f',
    '\r',
    '--res',
    'et',
    '+=',
    ':=',
    '>--',
    '=""',
    "=''",
    '\\\n',
    '""',
    '\\"',
    '--title',
    'ü',
    '/usr/bin/env',
  ],
  ...[' su ', 'runuser', ' -l', '-lc', ' -c ', '--log', '--command', ' - '],
  ...['--s=-a', '--s=-i', '--split-string=-u'],
  ...['-a', ' -a ', '--argv0=', '--argv0', '--a', '--', 'ARGV0=', '/lib/ld-linux-x.so', 'ld.so'],
  ...[
    '--preload',
    '--library-path',
    '--inhibit-cache',
    ' --audit=',
    ' --audit ',
    'LD_',
    'LD_PRELOAD=',
    'OPENSSL_CONF',
    'ENV=',
    '-E',
  ],
  ...['alias', ` ${withWord} `, nested, endless],
  ...['> -- ', '\\t', '\\n', '\\f', '\\r'],
];

function text(pieces: readonly string[], most: number): string {
  let made = '';
  for (let i = random.below(most); i > 0; i--) made += random.pick(pieces);
  return made;
}
const texts = (pieces: readonly string[], most: number): string[] =>
  Array.from({ length: TEXTS }, () => text(pieces, most));

/** What differs, of the first few. */
function differences(
  letter: string,
  given: readonly string[],
  byPreload: (text: string) => string[],
): unknown[] {
  const answers = byLauncher(letter, given);
  expect(answers).toHaveLength(given.length);
  const found = given.flatMap((each, i) => {
    const preload = byPreload(each);
    const launcher = answers[i];
    return JSON.stringify(preload) === JSON.stringify(launcher)
      ? []
      : [{ text: each, preload, launcher }];
  });
  return found.slice(0, 5);
}

test(`${String(TEXTS)} random NODE_OPTIONS are split alike (seed ${String(SEED)})`, () => {
  // Node starts with no others: each quote is closed, and each backslash in quotes is followed.
  const isWhole = (given: string): boolean => /^(?:[^"]|"(?:[^"\\]|\\.)*")*$/s.test(given);
  const given = texts(PIECES, 12).filter(isWhole);
  expect(given.length).toBeGreaterThan(TEXTS / 10);
  expect(differences('n', given, splitNodeOptions)).toEqual([]);
});

test.for([
  ['t', 'a shell', false],
  ['e', 'env(1)', true],
] as const)(
  'random texts for %s, %s, are split alike, clear alike, and name alike',
  ([letter, , forEnv]) => {
    const byPreload = (given: string): string[] => {
      // The first is the program's own path.
      const { list, inText } = splitWords(['sh', given], forEnv, newPlace('/', '/nonexistent'));
      const words = Array.from(list).slice(1);
      const { length } = words;
      const told = words.flatMap((word, i) => [word, inText[1 + i] === true ? 'in a text' : '']);
      const found = [wordOfOptionName, clearingWord, bringingWord].map((find) =>
        find(words, length),
      );
      return [...told, ...found.map((word) => word ?? '-')];
    };
    expect(differences(letter, texts(PIECES, 16), byPreload)).toEqual([]);
  },
);

/** What puts values into a text, beside what splits it. */
const VALUES = [
  ...Array.from('$$$${{}}}=!,:-+?@*#[]()\'"\\ \n;1'),
  ...[
    'X',
    'N',
    'E',
    'I',
    'P',
    'Y',
    'X=',
    'Y=',
    'Y=(',
    'IFS',
    'argv',
    'set -- ',
    ' Y ',
    '${',
    '${X:-',
  ],
  ...['\\x2d', '\\055', '\\u002d', '\\U0000002d', '\\x', '\\400', "$'", '$"', '{a,b}', '{X,'],
  ...['alias ', 'hash', '=node', '!node', '${!', '${=', '${(Q)', 'ü', '12', '99999', '--'],
];

test('random texts get the same values', () => {
  const environment = { X: '--build-snapshot', N: 'a node', E: '', I: 'X', PATH: '/nonexistent' };
  const byPreload = (given: string): string[] => [
    withValues(['sh', 'P=-p', given, 'name', '-i', 'a b'], environment)?.list[2] ?? given,
  ];
  expect(byPreload('$N ${Y:-$1} $0$P')).toEqual(['a node -i name-p']);
  expect(differences('v', texts(VALUES, 16), byPreload)).toEqual([]);
});

test('random spellings of options are found alike', () => {
  const names = everyOption().flatMap(({ name, aliases }) => [name, ...aliases]);
  const spelled = (): string => {
    let name = random.pick(names);
    if (random.chance(30)) name = name.replace(/^--/, random.pick(['--no-', '--no', '-', '-no']));
    if (random.chance(30)) name = name.replaceAll('-', () => random.pick(['-', '_']));
    if (random.chance(10)) name = name.slice(0, random.below(name.length));
    if (random.chance(10)) name += random.pick(['x', '-', '_', 'no']);
    return name.startsWith('-') ? name : `-${name}`;
  };
  const given = Array.from({ length: TEXTS }, spelled);
  expect(
    differences('o', given, (word) => [parseWords([word]).options[0]?.row?.name ?? '-']),
  ).toEqual([]);
});
