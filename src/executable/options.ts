/** What the executable understood of its command line. */
export interface CommandLine {
  /** Node's options as they were written, for process.execArgv. */
  readonly execArgv: string[];
  /** The script and its arguments. */
  readonly rest: string[];
  readonly requires: string[];
  readonly imports: string[];
  readonly conditions: string[];
  readonly testReporters: string[];
  /** The last value of each other option that has one. */
  readonly values: Record<string, string | undefined>;
  readonly flags: Record<string, true | undefined>;
}

/** Ends the executable as Node ends for a bad option. */
export class OptionError extends Error {}
/** Node's status for an argument that it does not take. */
export const INVALID_ARGUMENT = 9;

/** By the option that is meant: what it does, for --help. */
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
  '--strip-types': 'as it is in any case',
  '--test': 'run the tests in the files, or patterns, that are given',
  '--watch': 'start the script again when one of its files changes',
  '--version': '',
  '--help': '',
};
export const VALUES: Readonly<Record<string, string>> = {
  '--eval': 'code',
  '--input-type': 'commonjs, module, commonjs-typescript or module-typescript',
  '--require': 'a module to load first; checked like any other',
  '--import': 'the same, as ES modules are',
  '--conditions': 'for exports and imports in package.json',
  '--title': 'of the process',
  '--stack-trace-limit': '',
  '--test-concurrency': '',
  '--test-reporter': 'spec, tap, dot, junit or a module; checked like any other',
  '--test-timeout': '',
};

const ALIASES: Readonly<Record<string, string>> = {
  '-e': '--eval',
  '-p': '--print',
  '-i': '--interactive',
  '-r': '--require',
  '-C': '--conditions',
  '-v': '--version',
  '-h': '--help',
  '--experimental-strip-types': '--strip-types',
};

/** Why some are not taken. Everything else is not known here. */
const REFUSED: Readonly<Record<string, string>> = {
  '--experimental-loader': 'loads hooks on a thread that checks nothing',
  '--loader': 'loads hooks on a thread that checks nothing',
  '--snapshot-blob': 'runs code that nobody checks',
  '--build-snapshot': 'runs code that nobody checks',
  '--openssl-config': 'lets OpenSSL load shared objects that nobody checks',
  '--env-file': 'reads options from a file',
  '--env-file-if-exists': 'reads options from a file',
  '--experimental-config-file': 'reads options from a file',
  '--experimental-default-config-file': 'reads options from a file',
  '--config-file': 'reads options from a file',
  '--run': 'leaves the choice of the interpreter to a shell',
  '--inspect': 'lets somebody else give the program code',
  '--inspect-brk': 'lets somebody else give the program code',
  '--inspect-wait': 'lets somebody else give the program code',
};

/** Of what is left, what would not work, or would undo what the executable is for. */
const NOT_FOR_GOOD: Readonly<Record<string, string>> = {
  '--require': 'would load a file before anything checks it',
  '--import': 'would load a file before anything checks it',
  '--eval': 'is for the command line of the executable',
  '--print': 'is for the command line of the executable',
  '--interactive': 'is for the command line of the executable',
  '--test': 'is for the command line of the executable',
  '--watch': 'is for the command line of the executable',
  '--no-addons': 'keeps the addon of mayexec from being loaded',
  '--expose-internals': 'gives every program what the checks are made with',
  '--build-sea': 'makes Node do something else',
  '--experimental-sea-config': 'makes Node do something else',
};

/** Underscores count as dashes, as in Node. */
function nameOf(written: string): string {
  const name = written.startsWith('--') ? `--${written.slice(2).replaceAll('_', '-')}` : written;
  return ALIASES[name] ?? name;
}

/** Why an option of Node may not even be given to build-node, or undefined. */
export function refusedForGood(option: string): string | undefined {
  const name = nameOf(option.split('=')[0] ?? '');
  if (Object.hasOwn(REFUSED, name)) return REFUSED[name];
  return Object.hasOwn(NOT_FOR_GOOD, name) ? NOT_FOR_GOOD[name] : undefined;
}

function refusal(name: string): OptionError {
  const why = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  return new OptionError(
    why === undefined
      ? `bad option: ${name}. Node would read it before this executable could judge it; what is fixed for good can be given to mayexec build-node --node-option, and --help lists what is taken here`
      : `bad option: ${name}. It ${why}, so this executable does not take it`,
  );
}

/**
 * Splits a command line into Node's options and the rest. Pure.
 *
 * `fixed` are the options the executable was built with: to repeat one changes
 * nothing. With `lenient` what is not known is left out: the test runner passes
 * on every option that Node has. What is left out is never acted on.
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

  let i = 0;
  const word = (name: string): string => {
    const next = args[i + 1];
    if (next === undefined || (next.startsWith('-') && next !== '-')) {
      throw new OptionError(`${name} requires an argument`);
    }
    i++;
    line.execArgv.push(next);
    return next;
  };
  const setValue = (name: string, value: string): void => {
    if (Object.hasOwn(lists, name)) lists[name]?.push(value);
    else line.values[name] = value;
  };

  for (; i < args.length; i++) {
    const argument = args[i] ?? '';
    if (!argument.startsWith('-') || argument === '-') break;
    if (argument === '--') {
      i++;
      break;
    }
    const equals = argument.indexOf('=');
    const written = equals < 0 ? argument : argument.slice(0, equals);
    const name = nameOf(written);
    if (written === '-pe') {
      line.execArgv.push(argument);
      line.flags['--print'] = true;
      line.values['--eval'] = word(argument);
    } else if (Object.hasOwn(VALUES, name)) {
      line.execArgv.push(argument);
      setValue(name, equals < 0 ? word(name) : argument.slice(equals + 1));
    } else if (Object.hasOwn(FLAGS, name) && equals < 0) {
      line.execArgv.push(argument);
      line.flags[name] = true;
      // Its code is the next word, if there is one.
      const next = args[i + 1];
      if (name === '--print' && next !== undefined && !next.startsWith('-')) {
        line.values['--eval'] = word(name);
      }
    } else if (!lenient && !fixed.includes(argument)) {
      throw refusal(name);
    }
  }
  line.rest.push(...args.slice(i));
  const [script] = line.rest;
  if (line.flags['--watch'] === true) {
    const another = ['--test', '--interactive'].some((name) => line.flags[name] === true);
    if (script === undefined || script === '-' || line.values['--eval'] !== undefined || another) {
      throw new OptionError('--watch is for a script, in a file');
    }
  }
  return line;
}

/** The text of --help. */
export function helpText(fixed: readonly string[]): string {
  const aliasOf = (name: string): string => {
    const alias = Object.keys(ALIASES).find((key) => ALIASES[key] === name && key.length === 2);
    return alias === undefined ? name : `${alias}, ${name}`;
  };
  const lines = [
    ...Object.entries(FLAGS).map(([name, what]) => [aliasOf(name), what] as const),
    ...Object.entries(VALUES).map(([name, what]) => [`${aliasOf(name)} …`, what] as const),
  ].map(([name, what]) => `  ${name.padEnd(26)}${what}`.trimEnd());
  return `Node.js ${process.version} that asks the kernel before anything becomes code.

Usage: [options] [script.js | -] [arguments]

Of Node's options it takes:
${lines.join('\n')}

It was built with ${fixed.join(' ')}, and ignores NODE_OPTIONS.
`;
}
