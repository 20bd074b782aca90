import { IS_APPLICATION, IS_NODE, IS_OLD } from '../../addon.js';
import { native } from '../lib/native.js';
import {
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
} from '../lib/primordials.js';
import { refuse } from './check-options.js';

/**
 * The interpreter and the argument in the first line of a script: execve(2). The argument may be
 * empty.
 */
export interface FirstLine {
  readonly interpreter: string;
  readonly argument: string;
}

/** The kernel follows at most this many scripts that are interpreters of other scripts. */
export const MOST_INTERPRETERS = 5;

/** The addon's answer about a file, or 0 when it has none. */
function look(file: string): string | number {
  const found = native.programFile(file);
  // Bytes that are no text could be the name of a Node.
  const isKnown =
    typeof found === 'number' ? found >= 0 : !StringPrototypeIncludes(found, '\ufffd');
  if (isKnown) return found;
  refuse(
    'start',
    `the interpreter of '${file}' cannot be found out, so it is refused. Name its interpreter instead`,
  );
  return 0;
}

/** The answer about a file without its age. */
function kind(file: string): number {
  const found = look(file);
  return typeof found === 'number' ? found & ~IS_OLD : 0;
}

/** Whether its content is that of a Node, whatever its name. */
export const hasNode = (file: string): boolean => kind(file) === IS_NODE;

/** Whether its content is that of a Node that is too old for --disable-sigusr1. */
export function hasOldNode(file: string): boolean {
  const found = look(file);
  return typeof found === 'number' && (found & IS_OLD) !== 0;
}

/** Whether it is a single executable application. */
export const hasApplication = (file: string): boolean => kind(file) === IS_APPLICATION;

/** The first line of a file that may be executed. Undefined when it names no interpreter. */
export function firstLine(file: string): FirstLine | undefined {
  const found = look(file);
  if (typeof found === 'number') return undefined;
  const end = StringPrototypeIndexOf(found, '\n');
  return {
    interpreter: StringPrototypeSlice(found, 0, end),
    argument: StringPrototypeSlice(found, end + 1),
  };
}
