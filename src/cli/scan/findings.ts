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

/** Files of one package that are refused for one reason. */
export interface Refused {
  readonly package: string;
  readonly reason: DenialReason;
  readonly errno: string;
  readonly count: number;
  /** Made when it is asked for: of thousands of files mostly the number is shown. */
  paths(): readonly string[];
}

export function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** Every file, in the order of the paths. */
export function findings(refused: readonly Refused[]): Finding[] {
  return refused
    .flatMap((group) => {
      const { package: owner, reason, errno } = group;
      return group.paths().map((path) => ({ path, package: owner, reason, errno }));
    })
    .sort(byPath);
}

/** How many files there are. */
export function countOf(refused: readonly Refused[]): number {
  return refused.reduce((sum, { count }) => sum + count, 0);
}

/** What is told of a scan in every form. */
export interface Report {
  /** What was looked at. */
  root: string;
  /** How many files of code there are, those that are not refused among them. */
  code: number;
  refused: Finding[];
  unexamined: Unexamined[];
}
