import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { OPTIONS } from '../../src/tables/options.js';
import { V8_OPTIONS } from '../../src/tables/v8-options.js';
import { V8_UNJUDGED } from '../../src/tables/v8-unjudged.js';
import { findOption } from '../../src/tables/words.js';
import { MAJORS, nodeBinary, type Major } from '../preload/versions.js';

/** What a Node tells of its options, by its own parser. */
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

describe.for(MAJORS)('Node %i', (major) => {
  const node = known(major);
  const v8 = printed(major, '--v8-options');
  const help = printed(major, '--help');

  test('has no option without a row', () => {
    const names = [
      ...node.options.filter(isOption).map(({ name }) => name),
      ...node.aliases.map(([name]) => bare(name)),
      ...node.allowedInEnvironment,
      ...help,
    ];
    console.log(
      `Node ${major}: ${new Set(names).size} names of options of Node, ${v8.length} of V8's`,
    );
    const missing = names.filter(
      (name) => !SEVERAL.includes(name) && findOption(name) === undefined,
    );
    expect(missing).toEqual([]);
  });

  test("has no option of V8's that nobody has seen", () => {
    expect(v8.length).toBeGreaterThan(600);
    const missing = v8.filter(
      (name) => findOption(name) === undefined && !V8_UNJUDGED.includes(name),
    );
    expect(missing).toEqual([]);
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
      `${OPTIONS.length} rows of options, ${V8_OPTIONS.length} of them V8's; ${V8_UNJUDGED.length} of V8's without a row`,
    );
    expect(names.filter((name) => !knownSomewhere(name))).toEqual([]);
    expect(V8_UNJUDGED.filter((name) => !knownSomewhere(name))).toEqual([]);
  });

  test('has each name once', () => {
    const names = [...OPTIONS.flatMap(({ name, aliases }) => [name, ...aliases]), ...V8_UNJUDGED];
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  test('gives each row a reason in one sentence', () => {
    for (const { name, why } of OPTIONS)
      expect(why, name).toMatch(/^[A-Z][^.]*[^ .](?:\.json [^.]*)?\.$/);
  });
});
