import { embedded } from '../../executable/embedded.js';
import {
  StringPrototypeCharAt,
  ObjectHasOwn,
  ArrayIsArray,
  StringPrototypeStartsWith,
  StringOf,
} from '../lib/primordials.js';
import { parseOptions, splitNodeOptions } from './preload-option.js';
import { refused } from '../refused.js';

/*
 * What brings code into Node before any preload runs: nothing can be checked
 * then, so it must not come from whoever starts the process.
 */

/** Variables by which a library, or bytecode, gets into Node before any JavaScript runs. */
export const LOADS_CODE = [
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'LD_AUDIT',
  'GCONV_PATH',
  'OPENSSL_CONF',
  'OPENSSL_ENGINES',
  'OPENSSL_MODULES',
  'NODE_COMPILE_CACHE',
  'NODE_REPL_EXTERNAL_MODULE',
] as const;

/** Options of Node that do so, or that run a script without preloads. */
const RUNS_BEFORE: Readonly<Record<string, true>> = {
  '--openssl-config': true,
  '--snapshot-blob': true,
  '--build-snapshot': true,
  '--build-snapshot-config': true,
  '--build-sea': true,
  '--experimental-sea-config': true,
};

const { execPath } = process;
const inherited = Object.create(null) as Record<string, string | undefined>;
for (const name of LOADS_CODE) inherited[name] = process.env[name];

/** Leaves such variables in an environment as this process got them, whatever the program has made of them. */
export function keepInherited(environment: Record<string, string | undefined>): void {
  for (let i = 0; i < LOADS_CODE.length; i++) {
    const name = LOADS_CODE[i] as string;
    if (!ObjectHasOwn(environment, name)) continue;
    const value = name === 'NODE_COMPILE_CACHE' ? undefined : inherited[name];
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an environment is a dictionary
    if (value === undefined) delete environment[name];
    else environment[name] = value;
  }
}

function refuseOptions(words: readonly string[]): void {
  const options = parseOptions(words);
  for (let i = 0; i < options.length; i++) {
    const name = options[i]?.name ?? '';
    if (ObjectHasOwn(RUNS_BEFORE, name)) {
      throw refused(`the option ${name} brings in code before any preload. Leave it out`);
    }
  }
}

/** Throws ExecDeniedError when NODE_OPTIONS hold one of these options. */
export function refuseNodeOptions(nodeOptions: string): void {
  refuseOptions(splitNodeOptions(nodeOptions));
}

/** By its name; whoever gives Node another name, or starts a shell, is not noticed. */
function isNode(file: string): boolean {
  // The executable of build-node takes none of these options, and is passed its own by the test runner.
  if (file === execPath) return embedded === undefined;
  let start = 0;
  for (let i = 0; i < file.length; i++) if (StringPrototypeCharAt(file, i) === '/') start = i + 1;
  return StringPrototypeStartsWith(file, 'node', start);
}

/**
 * The arguments of a program that is about to be started, in a copy that cannot
 * change any more; those before the index `from` are its own name. Throws
 * ExecDeniedError for a Node that is given one of these options.
 */
export function checkedArguments(file: unknown, args: unknown, from: 0 | 1): unknown {
  if (!ArrayIsArray(args)) return args;
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) words[i] = StringOf(args[i]);
  if (!isNode(StringOf(file))) return words;
  const options: string[] = [];
  for (let i = from; i < words.length; i++) {
    const word = words[i] as string;
    // A value may stand between two options, and looks like a script; behind the script nothing is Node's.
    if (
      word === '--' ||
      (StringPrototypeCharAt(word, 0) !== '-' &&
        (i === from || StringPrototypeCharAt(words[i - 1] as string, 0) !== '-'))
    )
      break;
    options[options.length] = word;
  }
  refuseOptions(options);
  return words;
}
