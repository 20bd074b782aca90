import { native } from '../lib/native.js';
import {
  ObjectHasOwn,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
} from '../lib/primordials.js';
import { refuse } from './refuse-options.js';

/** What the first line of a script names: execve(2). The argument may be empty. */
export interface FirstLine {
  readonly interpreter: string;
  readonly argument: string;
}

/** The kernel follows no more scripts that are interpreters of others. */
export const MOST_INTERPRETERS = 5;

/** The first line of a file that may be executed. Undefined when it names no interpreter. */
export function firstLine(file: string): FirstLine | undefined {
  // Other systems have no addon.
  if (!ObjectHasOwn(native, 'firstLine')) return undefined;
  const line = native.firstLine(file);
  if (line === 0) return undefined;
  // Bytes that are no text could be the name of a Node.
  if (typeof line === 'number' || StringPrototypeIncludes(line, '\ufffd')) {
    refuse(
      'start',
      `what the first line of '${file}' would start cannot be known, which is refused. ` +
        'Name its interpreter in the command',
    );
    return undefined;
  }
  const end = StringPrototypeIndexOf(line, '\n');
  return {
    interpreter: StringPrototypeSlice(line, 0, end),
    argument: StringPrototypeSlice(line, end + 1),
  };
}
