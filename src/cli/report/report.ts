import { exitStatus } from '../exit-status.js';
import { print, printJson } from '../terminal.js';
import { byPath, warnUnexamined, type Findings } from './findings.js';
import { junitOf } from './junit.js';
import { sarifOf } from './sarif.js';
import { textOf, type Words } from './text.js';

export interface ReportOptions {
  json?: boolean;
  sarif?: boolean;
  junit?: boolean;
  all?: boolean;
}

/** Writes findings in the requested format, in the order of the paths. */
export function report(options: ReportOptions, findings: Findings, words: Words): void {
  const { json, sarif, junit, all = false } = options;
  // The summary only counts, so it needs no order.
  if (json || sarif || junit || all) findings.refused.sort(byPath);
  if (json) printJson(findings);
  else if (sarif) printJson(sarifOf(findings));
  else if (junit) print(junitOf(findings));
  else print(textOf(findings, words, all));
}

/**
 * Prints which paths could not be examined, and returns the exit status. `more`: something else
 * would be refused. `failed`: something else was missed.
 */
export function conclude(
  { refused, unexamined }: Pick<Findings, 'refused' | 'unexamined'>,
  { more = false, failed = false } = {},
): number {
  warnUnexamined(unexamined);
  if (failed || unexamined.length > 0) return exitStatus.failure;
  return more || refused.length > 0 ? exitStatus.findings : exitStatus.ok;
}
