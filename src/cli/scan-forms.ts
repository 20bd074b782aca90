import type { DenialReason } from '../verdict.js';
import { causes } from './advice.js';
import { countOf, findings, type Finding, type Refused, type Report } from './findings.js';
import { table } from './table.js';
import { amount, print, printable, printJson, styled } from './terminal.js';

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

export type Writer = (found: Found, words: Words) => void;

/** Writes findings in the form that was asked for. */
export async function writerFor({ json, sarif, junit, all }: FormOptions): Promise<Writer> {
  if (json) {
    return (found) => {
      printJson(reportOf(found));
    };
  }
  if (sarif) {
    const form = await import('./sarif.js');
    return (found) => {
      printJson(form.sarif(reportOf(found)));
    };
  }
  if (junit) {
    const form = await import('./junit.js');
    return (found) => {
      print(form.junit(reportOf(found)));
    };
  }
  return (found, words) => {
    showToPerson(found, words, all ?? false);
  };
}

function reportOf(found: Found): Report {
  return { ...found, refused: findings(found.refused) };
}

/** How many files there are of each key, the most first. */
function countBy(refused: readonly Refused[], key: (group: Refused) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const group of refused) counts.set(key(group), (counts.get(key(group)) ?? 0) + group.count);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function showToPerson({ refused }: Found, { seen, advice }: Words, all: boolean): void {
  if (refused.length === 0) {
    print(`${styled('green', 'nothing is refused')}: ${seen}`);
    return;
  }
  print(`${styled('red', `${amount(countOf(refused), 'file')} would be refused`)}: ${seen}`);
  print();
  print(
    table(
      countBy(refused, ({ reason }) => reason).map(([reason, count]) => [
        reason,
        count,
        causes[reason as DenialReason],
        advice(reason as DenialReason),
      ]),
      ['cause', 'files', 'meaning', 'what helps'],
    ),
  );
  print();
  if (all) {
    print(table(findings(refused).map(rowOf), ['file', 'cause', 'package']));
    return;
  }
  const packages = countBy(refused, (group) => `${group.package}\0${group.reason}`);
  print(
    table(
      packages.slice(0, SHOWN).map(([key, count]) => {
        const [owner = '', reason = ''] = key.split('\0');
        return [printable(owner), reason, count];
      }),
      ['package', 'cause', 'files'],
    ),
  );
  if (packages.length > SHOWN) {
    print(`and ${amount(packages.length - SHOWN, 'other package')}; --all lists every file`);
  }
}

function rowOf({ path, reason, package: owner }: Finding): string[] {
  return [printable(path), reason, printable(owner)];
}
