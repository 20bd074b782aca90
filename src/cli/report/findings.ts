import type { DenialReason } from '../../verdict.js';

/** A file that would be refused as code. */
export interface Finding {
  path: string;
  package: string;
  reason: DenialReason;
  errno: string;
}

/** What could not be examined, and the errno's name. */
export interface Unexamined {
  path: string;
  errno: string;
}

/** What is told of a scan in every format. */
export interface Findings {
  /** What was looked at. */
  root: string;
  /** How many files of code there are, those that are not refused among them. */
  code: number;
  refused: Finding[];
  unexamined: Unexamined[];
}

/** In the order of the code units, which is that of the bytes of a TreePath. */
export function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
