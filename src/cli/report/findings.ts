import type { DenialReason } from '../../verdict.js';
import { printable, warn } from '../terminal.js';

/** A file that would be refused as code. */
export interface Finding {
  path: string;
  package: string;
  reason: DenialReason;
  errno: string;
}

/** A path that could not be examined, and the errno's name. */
export interface Unexamined {
  path: string;
  errno: string;
}

/** Prints a warning for each path that could not be examined. */
export function warnUnexamined(unexamined: readonly Unexamined[]): void {
  for (const { path, errno } of unexamined) {
    warn(`${printable(path)}: could not be examined (${errno})`);
  }
}

/** The results of a scan, for every format. */
export interface Findings {
  /** The directory that was examined. */
  root: string;
  /** The number of all files of code, refused or not. */
  code: number;
  refused: Finding[];
  unexamined: Unexamined[];
}

/** Compares by code units, which is the order of the bytes of a TreePath. */
export function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
