import { embedded } from '../../executable/embedded.js';
import { isRemoved } from '../../tables/variables.js';
import { parseNodeOptions } from '../../tables/words.js';
import { anythingIsEnforced, interactiveIsDenied } from '../../policy.js';
import { isClosed } from '../enforcement.js';
import { handOnStrength, isAudited } from '../settings.js';
import {
  ObjectHasOwn,
  StringOf,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
} from '../lib/primordials.js';
import { withPreload } from './preload-option.js';
import { decideUnchecked } from '../refused.js';
import { checkOptions } from './check-options.js';
import { startedWith } from './started-with.js';

export type Environment = Record<string, string | undefined>;

/** The real environment. The program can replace process.env with another object. */
// eslint-disable-next-line no-restricted-syntax -- takes the object, and reads nothing
export const ownEnvironment: Environment = process.env;

/** Never copied to a child or Worker: with this variable it would refuse to start. */
const NEVER_HANDED_ON = 'NODE_COMPILE_CACHE';

/** Restores the variables that bring in code to the values that this process was started with. */
function keepInherited(environment: Environment): void {
  const got = startedWith();
  for (const name in environment) {
    if (!isRemoved(name)) continue;
    const value = name !== NEVER_HANDED_ON && ObjectHasOwn(got, name) ? got[name] : undefined;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an environment is a dictionary
    if (value === undefined) delete environment[name];
    else environment[name] = value;
  }
}

/** Reports to the audit what keepInherited would do to an environment. */
function tellOfVariables(environment: Environment): void {
  const kept = { __proto__: null, ...environment } as unknown as Environment;
  keepInherited(kept);
  for (const name in environment) {
    if (environment[name] === kept[name]) continue;
    decideUnchecked(
      'start',
      'start',
      false,
      `the variable ${name} brings in unchecked code, so a child process gets it only with the value that this process was started with`,
    );
  }
}

/**
 * Removes the variables that bring in code, because the caller of an executable of build-node
 * chooses its environment.
 */
export function removeVariables(environment: Environment): void {
  for (const name in environment) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an environment is a dictionary
    if (isRemoved(name)) delete environment[name];
  }
}

/** What reads NODE_OPTIONS. */
export type Reader = 'worker' | 'old-node' | 'process';

/** NODE_OPTIONS with the preload first, for a Node with these arguments. */
export function nodeOptionsFor(
  given: string | undefined,
  words: readonly string[],
  reader: Reader,
): string {
  const signal = interactiveIsDenied() ? reader === 'process' : undefined;
  return withPreload(given, { eval: isClosed('eval'), signal }, words);
}

/** The same. Throws ExecDeniedError for an option that a restriction refuses. */
export function preloadedOptions(given: unknown, words: readonly string[], reader: Reader): string {
  const options = given === undefined ? undefined : StringOf(given);
  if (options !== undefined) checkOptions(parseNodeOptions(options));
  return nodeOptionsFor(options, words, reader);
}

/**
 * A copy of an environment with the preload before everything else, for a Node with these
 * arguments. Like Node's own copy, it has no inherited names. A child of an executable of
 * `mayexec build-node` is the same executable, and needs no preload. `readerWith` says what reads
 * it, by its PATH.
 */
export function preloadedEnvironment(
  environment: object,
  words: readonly string[],
  readerWith: (path: string | undefined) => Reader,
): Environment {
  const copy = { __proto__: null } as unknown as Environment;
  for (const name in environment) {
    if (!ObjectHasOwn(environment, name)) continue;
    const value = (environment as Environment)[name];
    // Split the entry as the child will: a name ends at the first equals sign.
    const equals = StringPrototypeIndexOf(name, '=', 1);
    if (equals < 0) copy[name] = value;
    else
      copy[StringPrototypeSlice(name, 0, equals)] =
        `${StringPrototypeSlice(name, equals + 1)}=${StringOf(value)}`;
  }
  if (embedded === undefined) {
    copy['NODE_OPTIONS'] = preloadedOptions(copy['NODE_OPTIONS'], words, readerWith(copy['PATH']));
  }
  if (embedded !== undefined || anythingIsEnforced()) keepInherited(copy);
  else if (isAudited) tellOfVariables(copy);
  handOnStrength(copy);
  return copy;
}
