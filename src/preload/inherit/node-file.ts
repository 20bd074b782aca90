import { statSync as statFile, type BigIntStats } from 'node:fs';

import { ObjectHasOwn } from '../lib/primordials.js';
import { baseName } from './base-name.js';
import {
  hasApplication,
  hasNode,
  hasOldNode,
  pathsOf,
  programsOf,
  type Place,
} from './program-file.js';

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

/** A program with this name may start Node, whatever its content is. */
function isNamedNode(file: string): boolean {
  const name = baseName(file);
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

/** Whether any of a list passes a test. */
function isAny<T>(is: (item: T) => boolean, list: readonly T[]): boolean {
  for (let i = 0; i < list.length; i++) if (is(list[i] as T)) return true;
  return false;
}

/** Whether execvp(3) of that name could execute this process's own file. */
export const isThisNode = (name: string, place: Place): boolean =>
  isAny(isOwnFile, pathsOf(name, place));

/** Whether it is a Node, by its content or by its name. */
export const isNode = (name: string, place: Place): boolean =>
  isNamedNode(name) || isAny(hasNode, programsOf(name, place));

/** Whether it is a single executable application. */
export const isApplication = (name: string, place: Place): boolean =>
  isAny(hasApplication, programsOf(name, place));

/** Whether it is a Node that would refuse to start with --disable-sigusr1. */
export const isOldNode = (name: string, place: Place): boolean =>
  isAny(hasOldNode, programsOf(name, place));
