import type { DenialReason } from '../../verdict.js';
import { causes } from '../advice.js';
import { exitStatus } from '../exit-status.js';
import { countOf, findings, type Finding, type Refused, type Report } from './findings.js';
import { junitOf } from './junit.js';
import { sarifOf } from './sarif.js';
import { table } from '../table.js';
import { amount, print, printable, printJson, styled, warn } from '../terminal.js';

/** How many packages a person is shown. */
const SHOWN = 20;

export interface FormOptions {
  json?: boolean;
  sarif?: boolean;
  junit?: boolean;
  all?: boolean;
}

/** What scan has found, of a tree or of a program. */
export interface Found extends Omit<Report, 'refused'> {
  refused: Refused[];
}

/** What a person is told beyond the findings. */
export interface Words {
  /** What was looked at: "3 files of code in app". */
  seen: string;
  /** What would help against a cause. */
  advice: (reason: DenialReason) => string;
}

/** Writes findings in the form that was asked for. */
export function writeFindings(
  { json, sarif, junit, all }: FormOptions,
  found: Found,
  words: Words,
): void {
  if (json) printJson(reportOf(found));
  else if (sarif) printJson(sarifOf(reportOf(found)));
  else if (junit) print(junitOf(reportOf(found)));
  else showToPerson(found, words, all ?? false);
}

function reportOf(found: Found): Report {
  return { ...found, refused: findings(found.refused) };
}

/** How many files there are of each key, the most first, and else by the key. */
function countBy(refused: readonly Refused[], key: (group: Refused) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const group of refused) counts.set(key(group), (counts.get(key(group)) ?? 0) + group.count);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function showToPerson({ refused }: Found, { seen, advice }: Words, all: boolean): void {
  if (refused.length === 0) {
    print(`${styled('green', 'nothing is refused')}: ${seen}`);
    return;
  }
  const causeRows = countBy(refused, ({ reason }) => reason).map(([reason, count]) => [
    reason,
    count,
    causes[reason as DenialReason],
    advice(reason as DenialReason),
  ]);
  print(
    [
      `${styled('red', `${amount(countOf(refused), 'file')} would be refused`)}: ${seen}`,
      '',
      table(causeRows, ['cause', 'files', 'meaning', 'what helps']),
      '',
      all ? table(findings(refused).map(rowOf), ['file', 'cause', 'package']) : byPackage(refused),
    ].join('\n'),
  );
}

function byPackage(refused: readonly Refused[]): string {
  const packages = countBy(refused, (group) => `${group.package}\0${group.reason}`);
  const rows = packages.slice(0, SHOWN).map(([key, count]) => {
    const [owner = '', reason = ''] = key.split('\0');
    return [printable(owner), reason, count];
  });
  const more = packages.length - SHOWN;
  return (
    table(rows, ['package', 'cause', 'files']) +
    (more > 0 ? `\nand ${amount(more, 'other package')}; --all lists every file` : '')
  );
}

function rowOf({ path, reason, package: owner }: Finding): string[] {
  return [printable(path), reason, printable(owner)];
}

/** Complains of what could not be examined, and decides what the command ends with. */
export function conclude(
  { refused, unexamined }: Pick<Found, 'refused' | 'unexamined'>,
  more = false,
  failed = false,
): number {
  for (const { path, errno } of unexamined) {
    warn(`${printable(path)}: could not be examined (${errno})`);
  }
  if (failed || unexamined.length > 0) return exitStatus.failure;
  return more || refused.length > 0 ? exitStatus.findings : exitStatus.ok;
}
