import { IS_APPLICATION, IS_NODE, IS_OLD } from '../../addon.js';
import { append, newList } from '../lib/append.js';
import { native } from '../lib/native.js';
import {
  StringPrototypeCharAt,
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

/** The addon's answer about a file that could be executed, and is a Node or a script. */
export type Found = string | number;

/** Where the names of programs are looked up, and what was found there. */
export interface Place {
  readonly cwd: string | undefined;
  readonly path: string | undefined;
  /** By name, because a command can have thousands of words, and each is read more than once. */
  readonly known: Record<string, readonly Found[]>;
}

/** The kernel follows at most this many scripts that are interpreters of other scripts. */
export const MOST_INTERPRETERS = 5;

/** The path that execvp(3) searches when PATH is unset. */
const DEFAULT_PATH = '/bin:/usr/bin';

const NOTHING: readonly never[] = [];

export const newPlace = (cwd: string | undefined, path: string | undefined): Place => ({
  cwd,
  path,
  known: { __proto__: null } as unknown as Place['known'],
});

/** The addon's answer about a file. 0 when it has none. */
function look(path: string): Found {
  const found = native.programFile(path);
  // Bytes that are no text could be the name of a Node.
  const isKnown =
    typeof found === 'number' ? found >= 0 : !StringPrototypeIncludes(found, '\ufffd');
  if (isKnown) return found;
  refuse(
    'start',
    `the interpreter of '${path}' cannot be found out, so it is refused. Name its interpreter instead`,
  );
  return 0;
}

/** The paths that execvp(3) of a name tries. */
export function pathsOf(name: string, { cwd, path = DEFAULT_PATH }: Place): readonly string[] {
  const inCwd = (file: string): string =>
    cwd === undefined || StringPrototypeCharAt(file, 0) === '/' ? file : `${cwd}/${file}`;
  if (name === '') return NOTHING;
  if (StringPrototypeIncludes(name, '/')) return [inCwd(name)];
  const paths: string[] = newList();
  for (let from = 0; from <= path.length;) {
    let to = StringPrototypeIndexOf(path, ':', from);
    if (to < 0) to = path.length;
    const folder = StringPrototypeSlice(path, from, to);
    append(paths, inCwd(folder === '' ? name : `${folder}/${name}`));
    from = to + 1;
  }
  return paths;
}

function lookUp(name: string, place: Place): readonly Found[] {
  let files: Found[] | undefined;
  const paths = pathsOf(name, place);
  for (let i = 0; i < paths.length; i++) {
    const found = look(paths[i] as string);
    if (found !== 0) append((files ??= newList()), found);
  }
  return files ?? NOTHING;
}

/** The Nodes and scripts that execvp(3) of a name could execute. Only the kernel knows which of them it is. */
export function programsOf(name: string, place: Place): readonly Found[] {
  const known = place.known[name];
  if (known !== undefined) return known;
  return (place.known[name] = lookUp(name, place));
}

/** The answer without the age of a Node. */
const kind = (found: Found): number => (typeof found === 'number' ? found & ~IS_OLD : 0);

/** Whether its content is that of a Node, whatever its name. */
export const hasNode = (found: Found): boolean => kind(found) === IS_NODE;

/** Whether its content is that of a Node that is too old for --disable-sigusr1. */
export const hasOldNode = (found: Found): boolean =>
  typeof found === 'number' && (found & IS_OLD) !== 0;

/** Whether it is a single executable application. */
export const hasApplication = (found: Found): boolean => kind(found) === IS_APPLICATION;

/** The first line of a file that may be executed. Undefined when it names no interpreter. */
export function firstLine(found: Found): FirstLine | undefined {
  if (typeof found === 'number') return undefined;
  const end = StringPrototypeIndexOf(found, '\n');
  return {
    interpreter: StringPrototypeSlice(found, 0, end),
    argument: StringPrototypeSlice(found, end + 1),
  };
}
