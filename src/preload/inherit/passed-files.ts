import { fstatSync as statFd, type Stats } from 'node:fs';

import { constants } from '../../constants.js';
import { ELOOP, ENOSYS, EPERM } from '../../errno.js';
import { isDirectory, isRegularFile } from '../../file-type.js';
import { native } from '../lib/native.js';
import { ArrayIsArray, ObjectHasOwn } from '../lib/primordials.js';
import { refuse } from './check-options.js';
import { pathsOf, type Place } from './program-file.js';

/*
 * A child can get a program or a folder as one of its fds. /proc/self/fd leads to it by another
 * number than here, so a name with such a link cannot be examined here.
 */

const { AT_FDCWD } = constants;
const O_PATH = BigInt(constants.O_PATH);
const NO_MAGICLINKS = BigInt(constants.RESOLVE_NO_MAGICLINKS);
const EXECUTABLE = 0o111;
const fstatSync = statFd;

/** The file of an fd. Undefined when it is not open. */
function stat(fd: unknown): Stats | undefined {
  try {
    return fstatSync(fd as number);
  } catch {
    return undefined;
  }
}

function isProgramOrFolder(fd: unknown): boolean {
  const found = stat(fd);
  if (found === undefined) return false;
  // A setter on Object.prototype could keep the property from being stored.
  if (!ObjectHasOwn(found, 'mode')) return true;
  const { mode } = found;
  return isDirectory(mode) || (isRegularFile(mode) && (mode & EXECUTABLE) !== 0);
}

function isPassed(stream: unknown, number: number): boolean {
  const { type, fd } = (stream ?? {}) as { type?: unknown; fd?: unknown };
  if (type === 'ignore' || type === 'pipe' || type === 'overlapped' || fd === number) return false;
  // A handle could lie about its fd.
  return type === 'wrap' || isProgramOrFolder(fd);
}

function passesPrograms(streams: readonly unknown[]): boolean {
  for (let i = 0; i < streams.length; i++) if (isPassed(streams[i], i)) return true;
  return false;
}

function refuseName(path: string): void {
  refuse(
    'start',
    `'${path}' may be another program in the child, which is given a program or a folder as an fd. Name it by a path without /proc/self`,
  );
}

/** Whether a link of /proc may be on the way to a path. A seccomp filter can hide that. */
function mayGoByMagicLink(path: string): boolean {
  const result = native.openat2Probe(AT_FDCWD, path, O_PATH, NO_MAGICLINKS);
  return result === ELOOP || result === ENOSYS || result === EPERM;
}

/** Refuses the names by which a child with these streams could start an unexamined program. */
export function checkPassedFiles(streams: unknown, words: readonly string[], place: Place): void {
  if (!ArrayIsArray(streams) || !passesPrograms(streams)) return;
  // A link that is missing here could be there in the child.
  for (let i = 0; i < streams.length; i++)
    if (stat(i) === undefined) refuseName(`/proc/self/fd/${i}`);
  for (let i = 0; i < words.length; i++) {
    const paths = pathsOf(words[i] as string, place);
    for (let j = 0; j < paths.length; j++)
      if (mayGoByMagicLink(paths[j] as string)) refuseName(paths[j] as string);
  }
}
