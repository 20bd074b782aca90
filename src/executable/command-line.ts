import type { OptionRow } from '../tables/options.js';
import { findOption, parseWords } from '../tables/words.js';

/** The parsed command line of the executable. */
export interface CommandLine {
  /** Node's options as they were written, for process.execArgv. */
  readonly execArgv: string[];
  /** The script and its arguments. */
  readonly rest: string[];
  readonly requires: string[];
  readonly imports: string[];
  readonly conditions: string[];
  readonly testReporters: string[];
  /** The last value of each other option with a value. */
  readonly values: Record<string, string | undefined>;
  readonly flags: Record<string, true | undefined>;
}

/** Ends the executable as a bad option ends Node. */
export class OptionError extends Error {}
/** Node's exit status for an invalid argument. */
export const INVALID_ARGUMENT = 9;

/** What each option does, for --help. */
export const FLAGS: Readonly<Record<string, string>> = {
  '--print': 'print the result of --eval',
  '--interactive': 'start a REPL',
  '--entry-url': 'the script is a URL',
  '--enable-source-maps': '',
  '--no-warnings': '',
  '--no-deprecation': '',
  '--throw-deprecation': '',
  '--trace-deprecation': '',
  '--trace-warnings': '',
  '--strip-types': 'accepted, without effect',
  '--test': 'run the tests in the given files or patterns',
  '--watch': 'start the script again when one of its files changes',
  '--version': '',
  '--help': '',
};
export const VALUES: Readonly<Record<string, string>> = {
  '--eval': 'code',
  '--input-type': 'commonjs, module, commonjs-typescript or module-typescript',
  '--require': 'a module to load first, checked like any other',
  '--import': 'an ES module to load first, checked like any other',
  '--conditions': 'conditions for exports and imports in package.json',
  '--title': 'title of the process',
  '--stack-trace-limit': '',
  '--test-concurrency': '',
  '--test-reporter': 'spec, tap, dot, junit or a module, checked like any other',
  '--test-timeout': '',
};

/** Why even build-node refuses an option of Node, or undefined. */
export function refusedForGood(
  option: string,
  isClosed: (gate: string) => boolean,
): string | undefined {
  const row = findOption(option.split('=')[0] ?? '');
  if (row === undefined) return 'Its effect is unknown.';
  if (row.ownProgram === true || row.effect === 'interactive') {
    return 'It is for the command line of the executable.';
  }
  if (row.effect === 'loads-checked') return 'It would load a file before the check.';
  if (row.effect === 'weakens-strict') {
    const gate = row.gate ?? 'unknown';
    return isClosed(gate)
      ? `${row.why} --strict closes that: leave it out, or open the gate by --allow=${gate}.`
      : undefined;
  }
  return row.effect === 'harmless' ? undefined : row.why;
}

/** The effects of options that build-node accepts. */
const FOR_GOOD: readonly string[] = ['harmless', 'loads-checked', 'weakens-strict'];

function refusal(name: string, row: OptionRow | undefined): OptionError {
  return new OptionError(
    row === undefined || FOR_GOOD.includes(row.effect)
      ? `bad option: ${name}. Node would obey it before this executable could check it. Build it in with mayexec build-node --node-option, or see --help for the options of this executable`
      : `bad option: ${name}. ${row.why} This executable does not accept it`,
  );
}

/**
 * Splits a command line into Node's options and the rest. Pure.
 *
 * `fixed` are the options that the executable was built with. Repeating one changes nothing. With
 * `lenient` unknown options are ignored, because the test runner passes on every option that Node
 * has.
 *
 * Throws OptionError.
 */
export function parseCommandLine(
  args: readonly string[],
  fixed: readonly string[] = [],
  lenient = false,
): CommandLine {
  const line: CommandLine = {
    execArgv: [],
    rest: [],
    requires: [],
    imports: [],
    conditions: [],
    testReporters: [],
    values: Object.create(null) as CommandLine['values'],
    flags: Object.create(null) as CommandLine['flags'],
  };
  const lists: Readonly<Record<string, string[]>> = {
    '--require': line.requires,
    '--import': line.imports,
    '--conditions': line.conditions,
    '--test-reporter': line.testReporters,
  };

  const setValue = (name: string, value: string): void => {
    if (Object.hasOwn(lists, name)) lists[name]?.push(value);
    else line.values[name] = value;
  };

  const { options, program } = parseWords(args);
  for (const { name, row, value, from, to } of options) {
    const words = args.slice(from, to);
    if (Object.hasOwn(VALUES, name)) {
      if (value === undefined) throw new OptionError(`${name} requires an argument`);
      setValue(name, value);
    } else if (Object.hasOwn(FLAGS, name) && value === undefined) {
      line.flags[name] = true;
    } else if (lenient || words.every((word) => fixed.includes(word))) {
      continue;
    } else throw refusal(name, row);
    line.execArgv.push(...words);
  }
  line.rest.push(...args.slice(program));
  const [script] = line.rest;
  if (line.flags['--watch'] === true) {
    const another = ['--test', '--interactive'].some((name) => line.flags[name] === true);
    if (script === undefined || script === '-' || line.values['--eval'] !== undefined || another) {
      throw new OptionError('--watch needs a script in a file');
    }
  }
  return line;
}

/** The text of --help. */
export function helpText(fixed: readonly string[]): string {
  const aliasOf = (name: string): string => {
    const alias = findOption(name)?.aliases.find((each) => each.length === 2);
    return alias === undefined ? name : `${alias}, ${name}`;
  };
  const lines = [
    ...Object.entries(FLAGS).map(([name, what]) => [aliasOf(name), what] as const),
    ...Object.entries(VALUES).map(([name, what]) => [`${aliasOf(name)} …`, what] as const),
  ].map(([name, what]) => `  ${name.padEnd(26)}${what}`.trimEnd());
  return `Node.js ${process.version} that asks the kernel before anything becomes code.

Usage: [options] [script.js | -] [arguments]

It accepts these options of Node:
${lines.join('\n')}

It was built with ${fixed.join(' ')}, and ignores NODE_OPTIONS.
`;
}
