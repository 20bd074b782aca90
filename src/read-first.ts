import {
  invalidArgType,
  invalidArgValue,
  printablePath,
  toPath,
  type PathLike,
} from './arguments.js';
import { ENOENT } from './errno.js';
import { FileTypeError, NotFoundError } from './errors.js';
import { reading, readingSync, type ReadOptions } from './read-may-exec.js';
import type { Verdict } from './verdict.js';

/** The first candidate that exists. */
export interface Found<Content extends Buffer | string = Buffer | string> {
  /** The candidate as a string. */
  readonly path: string;
  /** The whole content: a Buffer, or a string when an encoding was given. */
  readonly content: Content;
  /** The kernel's answer about the file. */
  readonly verdict: Verdict;
}

/**
 * Checks all candidates before any open, so that a wrong second one throws even when the first
 * exists.
 */
function toCandidates(candidates: readonly PathLike[]): readonly PathLike[] {
  if (!Array.isArray(candidates)) {
    throw invalidArgType('candidates', 'an instance of Array', candidates);
  }
  if (candidates.length === 0) {
    throw invalidArgValue('candidates', candidates, 'must name at least one file');
  }
  const paths = [...(candidates as readonly PathLike[])];
  for (const path of paths) toPath(path);
  return paths;
}

/** Whether there is no file of that name. A denial or a failed attempt is never skipped. */
function isAbsent(error: unknown): boolean {
  return (
    error instanceof NotFoundError || (error instanceof FileTypeError && error.code === 'EISDIR')
  );
}

function allMissing(candidates: readonly PathLike[]): NotFoundError {
  const names = candidates.map((path) => printablePath(toPath(path)));
  const listed = names.map((name) => `'${name}'`).join(', ');
  return new NotFoundError(
    ENOENT,
    'openat2',
    { path: names[0], candidates: names },
    `none of these is a file: ${listed}`,
  );
}

/**
 * Reads the first candidate that exists, as a module search does. It skips directories and missing
 * files (ENOENT, ENOTDIR). It does not skip a file that the policy refuses: it throws the
 * ExecDeniedError, because running a later candidate instead would surprise the person who
 * installed the first. It also throws every other error of readMayExecSync.
 *
 * Throws NotFoundError when no candidate exists. Its `candidates` lists them all.
 */
export function readFirstMayExecSync(
  candidates: readonly PathLike[],
  options: (Omit<ReadOptions, 'signal'> & { encoding: BufferEncoding }) | BufferEncoding,
): Found<string>;
export function readFirstMayExecSync(
  candidates: readonly PathLike[],
  options?: (Omit<ReadOptions, 'signal'> & { encoding?: null | undefined }) | null,
): Found<Buffer>;
export function readFirstMayExecSync(
  candidates: readonly PathLike[],
  options?: Omit<ReadOptions, 'signal'> | BufferEncoding | null,
): Found;
export function readFirstMayExecSync(
  candidates: readonly PathLike[],
  options?: ReadOptions | BufferEncoding | null,
): Found {
  const paths = toCandidates(candidates);
  for (const path of paths) {
    try {
      return readingSync('readFirstMayExec', path, options);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }
  throw allMissing(paths);
}

/**
 * readFirstMayExecSync in libuv's thread pool. Rejects with AbortError when `signal` is aborted.
 */
export async function readFirstMayExec(
  candidates: readonly PathLike[],
  options: (ReadOptions & { encoding: BufferEncoding }) | BufferEncoding,
): Promise<Found<string>>;
export async function readFirstMayExec(
  candidates: readonly PathLike[],
  options?: (ReadOptions & { encoding?: null | undefined }) | null,
): Promise<Found<Buffer>>;
export async function readFirstMayExec(
  candidates: readonly PathLike[],
  options?: ReadOptions | BufferEncoding | null,
): Promise<Found>;
export async function readFirstMayExec(
  candidates: readonly PathLike[],
  options?: ReadOptions | BufferEncoding | null,
): Promise<Found> {
  const paths = toCandidates(candidates);
  for (const path of paths) {
    try {
      return await reading('readFirstMayExec', path, options);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }
  throw allMissing(paths);
}
