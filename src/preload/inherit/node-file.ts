import { statSync as statFile, type BigIntStats } from 'node:fs';

import { append } from '../lib/append.js';
import {
  ObjectHasOwn,
  StringPrototypeCharAt,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
} from '../lib/primordials.js';
import { hasApplication, hasNode, hasOldNode } from './program-file.js';

const statSync = statFile;
const STAT = Object.freeze({ __proto__: null, bigint: true, throwIfNoEntry: false } as const);

function stat(file: string): BigIntStats | undefined {
  try {
    return statSync(file, STAT);
  } catch {
    return undefined;
  }
}

let own: BigIntStats | undefined;

/** Call this before the program could change where Node says that it is. */
export function rememberOwnFile(): void {
  own = stat('/proc/self/exe') ?? stat(process.execPath);
}

/** The path that execvp(3) searches when PATH is unset. */
const DEFAULT_PATH = '/bin:/usr/bin';

/** A program with this name may start Node, whatever its content is. */
function isNamedNode(file: string): boolean {
  let from = 0;
  for (let i = 0; i < file.length; i++) if (StringPrototypeCharAt(file, i) === '/') from = i + 1;
  const name = StringPrototypeSlice(file, from);
  return name === 'node' || name === 'nodejs';
}

function isOwnFile(path: string): boolean {
  if (own === undefined) return false;
  const found = stat(path);
  if (found === undefined) return false;
  // A setter on Object.prototype could keep these properties from being stored.
  if (!ObjectHasOwn(found, 'ino') || !ObjectHasOwn(found, 'dev')) return true;
  return found.ino === own.ino && found.dev === own.dev;
}

/**
 * The files that execvp(3) of a name in a directory could execute. Only the kernel knows
 * which of them it is.
 */
export function filesOf(
  name: string,
  cwd: string | undefined,
  path: string = DEFAULT_PATH,
): string[] {
  const files: string[] = [];
  const add = (file: string): void => {
    const isAbsolute = StringPrototypeCharAt(file, 0) === '/';
    append(files, isAbsolute || cwd === undefined ? file : `${cwd}/${file}`);
  };
  if (name === '') return files;
  if (StringPrototypeIncludes(name, '/')) {
    add(name);
    return files;
  }
  for (let from = 0; from <= path.length;) {
    let to = StringPrototypeIndexOf(path, ':', from);
    if (to < 0) to = path.length;
    const folder = StringPrototypeSlice(path, from, to);
    add(folder === '' ? name : `${folder}/${name}`);
    from = to + 1;
  }
  return files;
}

/** Whether any file that a name could mean passes a test. */
function isAny(
  is: (file: string) => boolean,
  name: string,
  cwd: string | undefined,
  path: string | undefined,
): boolean {
  const files = filesOf(name, cwd, path);
  for (let i = 0; i < files.length; i++) if (is(files[i] as string)) return true;
  return false;
}

/** Whether execvp(3) of that name in that directory could execute this process's own file. */
export function isThisNode(
  name: string,
  cwd: string | undefined,
  path: string | undefined,
): boolean {
  return isAny(isOwnFile, name, cwd, path);
}

/** Whether it is a Node, by its content or by its name. */
export function isNode(name: string, cwd: string | undefined, path: string | undefined): boolean {
  return isNamedNode(name) || isAny(hasNode, name, cwd, path);
}

/** Whether it is a single executable application. */
export function isApplication(
  name: string,
  cwd: string | undefined,
  path: string | undefined,
): boolean {
  return isAny(hasApplication, name, cwd, path);
}

/** Whether it is a Node that would refuse to start with --disable-sigusr1. */
export function isOldNode(
  name: string,
  cwd: string | undefined,
  path: string | undefined,
): boolean {
  return isAny(hasOldNode, name, cwd, path);
}
