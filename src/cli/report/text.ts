import type { DenialReason } from '../../verdict.js';
import { causes } from '../../denial-advice.js';
import { countBy } from '../group.js';
import { table } from '../table.js';
import { amount, printable, styled } from '../terminal.js';
import type { Finding, Findings } from './findings.js';

/** How many packages are shown without --all. */
const SHOWN = 20;

/** The texts around the findings. */
export interface Words {
  /** The examined files: "3 files of code in app". */
  seen: string;
  /** Whether something that is no file would be refused, which is told apart. */
  others?: boolean;
  /** Whether something was missed that is not among the paths that could not be examined. */
  missed?: boolean;
  /** The remedy for a cause. */
  advice: (reason: DenialReason) => string;
}

/** The findings as text: the numbers by cause and package, or with `all` every file. */
export function textOf(
  { refused, unexamined }: Findings,
  { seen, others = false, missed = false, advice }: Words,
  all: boolean,
): string {
  if (refused.length === 0) {
    const isComplete = !missed && unexamined.length === 0;
    return `${nothingRefused(others, isComplete)}: ${seen}`;
  }
  const causeRows = countBy(refused, ({ reason }) => reason).map(([reason, count]) => [
    reason,
    count,
    causes[reason as DenialReason],
    advice(reason as DenialReason),
  ]);
  return [
    `${styled('red', `${amount(refused.length, 'file')} would be refused`)}: ${seen}`,
    '',
    table(causeRows, ['cause', 'files', 'meaning', 'what helps']),
    '',
    all ? table(refused.map(rowOf), ['file', 'cause', 'package']) : byPackage(refused),
  ].join('\n');
}

function nothingRefused(others: boolean, isComplete: boolean): string {
  if (others) return styled('red', 'no file fails its check, but something would be refused');
  if (!isComplete) return styled('red', 'nothing found, but not all was examined');
  return styled('green', 'nothing is refused');
}

function byPackage(refused: readonly Finding[]): string {
  const packages = countBy(refused, (file) => `${file.package}\0${file.reason}`);
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
