import { constants } from '../../constants.js';
import { textOf } from '../lib/bytes.js';
import { isMainThread } from '../../main-thread.js';
import { native } from '../lib/native.js';
import { StringPrototypeIndexOf, StringPrototypeSlice } from '../lib/primordials.js';
import { readOwn } from '../lib/read-own.js';

/*
 * The environment and arguments of this process, as the kernel kept them. --env-file and
 * the program change process.env, and process.argv omits `--`.
 */

type Variables = Record<string, string | undefined>;

function read(file: string): string | undefined {
  const bytes = readOwn(file);
  return bytes === undefined ? undefined : textOf(bytes);
}

const ENVIRONMENT = '/proc/self/environ';
const O_PATH = BigInt(constants.O_PATH);

let variables: Variables | undefined;

/**
 * Call this before the program runs. Without /proc there is only process.env, which the program can
 * change. In a Worker the program has already chosen it, so there it does not count.
 */
export function keepEnvironment(): void {
  const hasProc = native.openat2Probe(constants.AT_FDCWD, ENVIRONMENT, O_PATH, 0n) === 0;
  if (hasProc) return;
  variables = { __proto__: null, ...(isMainThread ? process.env : {}) } as unknown as Variables;
}

/**
 * The environment that this process was given. Without /proc, what it had before the program
 * ran, and in a Worker nothing.
 */
export function startedWith(): Variables {
  if (variables !== undefined) return variables;
  variables = { __proto__: null } as unknown as Variables;
  const text = read(ENVIRONMENT) ?? '';
  for (let from = 0; from < text.length;) {
    let to = StringPrototypeIndexOf(text, '\0', from);
    if (to < 0) to = text.length;
    const equals = StringPrototypeIndexOf(text, '=', from + 1);
    if (equals >= 0 && equals < to) {
      const name = StringPrototypeSlice(text, from, equals);
      // As in getenv(3), the first one counts.
      variables[name] ??= StringPrototypeSlice(text, equals + 1, to);
    }
    from = to + 1;
  }
  return variables;
}

/**
 * All arguments of this process, argv[0] included. Some appear twice. Call this before the
 * program runs, since --title overwrites what the kernel keeps.
 */
export function commandLine(): readonly string[] {
  const { argv, argv0, execArgv } = process;
  const words = (read('/proc/self/cmdline') ?? '').split('\0');
  const known = [argv0].concat(execArgv);
  return (known.every((word, at) => word === words[at]) ? words : known).concat(argv.slice(1));
}
