import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { adviceOf, everyOption, type OptionRow } from '../../src/tables/options.js';
import { everyV8Option } from '../../src/tables/v8-options.js';
import { findOption, findOptionIn } from '../../src/tables/words.js';
import { MAJORS, nodeBinary, type Major } from '../preload/versions.js';
import { V8_UNJUDGED } from './v8-unjudged.js';

/** The options of a Node, as its own parser lists them. */
interface Known {
  options: { name: string; type: string }[];
  aliases: [alias: string, words: string[]][];
  allowedInEnvironment: string[];
}

const program = fileURLToPath(new URL('programs/options.cjs', import.meta.url));
const MAX_OUTPUT = 16 * 1024 * 1024;

function ask(major: Major, ...args: string[]): string {
  return execFileSync(nodeBinary(major), args, { encoding: 'utf8', maxBuffer: MAX_OUTPUT });
}

const known = (major: Major): Known =>
  JSON.parse(ask(major, '--no-warnings', '--expose-internals', program)) as Known;

const OPTIONS = everyOption();
const V8_OPTIONS = everyV8Option();

/** What --help and --v8-options print in the place of options. */
const NO_OPTIONS = ['--flag', '--no-flag', '--'];
const printed = (major: Major, option: string): string[] => {
  const names = ask(major, option).match(/(?<=^ {2}(?:-\w, )?(?:\.\.\., )?)--?[\w.-]+/gm) ?? [];
  return names.filter((name) => !NO_OPTIONS.includes(name));
};

/** `--print <arg>` is `--print`, `--inspect=` is `--inspect`. */
const bare = (name: string): string => name.replace(/=$| <arg>$/, '');

/** Options that only Node's own code sets begin with a bracket. */
const isOption = ({ name }: { name: string }): boolean => name.startsWith('--');

/** Not an option but two: its parts have rows. */
const SEVERAL = ['-pe'];

const VALUES: Readonly<Record<string, readonly string[]>> = {
  none: ['kNoOp', 'kBoolean', 'kV8Option'],
  optional: ['kBoolean', 'kV8Option'],
  required: ['kString', 'kStringList', 'kInteger', 'kUInteger', 'kHostPort'],
};
/** A newer Node takes a value where an older one did not, or the other way round. */
const VALUE_CHANGED = ['--stack-trace-limit', '--experimental-specifier-resolution'];

/** Rows of a negated form, beside a row that would answer for it. */
const NEGATED = [
  '--no-addons',
  '--no-disable-sigusr1',
  '--no-disallow-code-generation-from-strings',
];

type Find = (name: string) => OptionRow | undefined;

/** Names of Node's own that have no row of their own. */
const withoutRow = (names: readonly string[], find: Find): string[] =>
  names.filter((name) => {
    if (SEVERAL.includes(name)) return false;
    const row = find(name);
    return row === undefined || (NEGATED.includes(name) && row.name !== name);
  });

/** Names of V8 options that no table has. */
const unseen = (names: readonly string[], find: Find, unjudged: readonly string[]): string[] =>
  names.filter((name) => find(name) === undefined && !unjudged.includes(name));

/** Rows that were missed when they were deleted, on any Node. */
const missed = new Set<string>();

describe.for(MAJORS)('Node %i', (major) => {
  const node = known(major);
  const v8 = printed(major, '--v8-options');
  const help = printed(major, '--help');
  const names = [
    ...node.options.filter(isOption).map(({ name }) => name),
    ...node.aliases.map(([name]) => bare(name)),
    ...node.allowedInEnvironment,
    ...help,
  ];

  test('has no option without a row', () => {
    console.log(
      `Node ${major}: ${new Set(names).size} names of options of Node, ${v8.length} of V8's`,
    );
    expect(withoutRow(names, findOption)).toEqual([]);
  });

  test("has no option of V8's that nobody has seen", () => {
    expect(v8.length).toBeGreaterThan(600);
    expect(unseen(v8, findOption, V8_UNJUDGED)).toEqual([]);
  });

  test('misses each row that is deleted', () => {
    // The names that another row answers for are the same as before.
    const asked = new Map<string | undefined, string[]>();
    for (const name of new Set([...names, ...NEGATED, ...v8])) {
      const row = findOption(name)?.name;
      asked.set(row, [...(asked.get(row) ?? []), name]);
    }
    const overlooked = OPTIONS.filter((row) => {
      const mine = asked.get(row.name) ?? [];
      const options = OPTIONS.filter((other) => other.name !== row.name);
      const v8Options = V8_OPTIONS.filter((other) => other.name !== row.name);
      const find: Find = (name) => findOptionIn(name, options, v8Options);
      const [ofNode, ofV8] = [
        mine.filter((name) => !v8.includes(name)),
        mine.filter((name) => v8.includes(name)),
      ];
      const isMissed = [...withoutRow(ofNode, find), ...unseen(ofV8, find, V8_UNJUDGED)].length > 0;
      if (isMissed) missed.add(row.name);
      return mine.length > 0 && !isMissed;
    });
    expect(overlooked.map(({ name }) => name)).toEqual([]);
    for (const name of V8_UNJUDGED.filter((one) => v8.includes(one))) {
      const others = V8_UNJUDGED.filter((one) => one !== name);
      expect(unseen([name], findOption, others)).toEqual([name]);
    }
  });

  test('takes a value where the table says so', () => {
    const wrong = node.options.filter(isOption).filter(({ name, type }) => {
      const row = findOption(name);
      if (row === undefined || VALUE_CHANGED.includes(row.name)) return false;
      return VALUES[row.value]?.includes(type) !== true;
    });
    expect(wrong).toEqual([]);
  });

  test('means by an alias what the table means', () => {
    for (const [alias, words] of node.aliases) {
      if (SEVERAL.includes(alias) || words[0]?.startsWith('[') === true) continue;
      // --inspect=… is --inspect-port and --inspect; what matters is the last.
      const meant = alias.endsWith('=') ? words.at(-1) : words[0];
      if (meant === '-pe' || alias === '--trace-events-enabled') continue;
      if (alias === '--experimental-default-config-file') continue;
      expect(findOption(bare(alias))?.name, alias).toBe(findOption(meant ?? '')?.name);
    }
  });
});

describe('the table', () => {
  const everyNode = MAJORS.map((major) => ({
    names: new Set([
      ...known(major).options.map(({ name }) => name),
      ...known(major).aliases.map(([name]) => bare(name)),
      ...printed(major, '--v8-options'),
    ]),
  }));
  const knownSomewhere = (name: string): boolean =>
    everyNode.some(({ names }) => names.has(name) || names.has(name.replace(/^--no-/, '--')));

  test('has no row that no Node knows', () => {
    const names = OPTIONS.flatMap(({ name, aliases }) => [name, ...aliases]);
    console.log(
      `${OPTIONS.length} rows of options, ${everyV8Option().length} of them V8's; ${V8_UNJUDGED.length} of V8's without a row`,
    );
    expect(names.filter((name) => !knownSomewhere(name))).toEqual([]);
    expect(V8_UNJUDGED.filter((name) => !knownSomewhere(name))).toEqual([]);
  });

  test('has no row that could be deleted unseen', () => {
    console.log(`${missed.size} of ${OPTIONS.length} rows of options are missed when deleted`);
    expect(OPTIONS.map(({ name }) => name).filter((name) => !missed.has(name))).toEqual([]);
  });

  test('has each name once', () => {
    const names = [...OPTIONS.flatMap(({ name, aliases }) => [name, ...aliases]), ...V8_UNJUDGED];
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  test('gives each row a reason in one sentence', () => {
    for (const row of OPTIONS) {
      const { name, why } = row;
      expect(why, name).toMatch(/^[A-Z][^.]*[^ .](?:\.json [^.]*)?\.$/);
      // The message goes on behind it.
      expect(adviceOf(row), name).toMatch(/^[A-Z].* .*[^.]$/);
    }
  });
});
