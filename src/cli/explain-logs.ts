import { causes } from '../denial-advice.js';
import type { DenialReason } from '../verdict.js';
import { advice } from './advice.js';
import { causeIn, isRefusal, NO_FILE, packageIn, type AuditLine } from './audit-line.js';
import { exitStatus } from './exit-status.js';
import { placeOf } from './file-facts.js';
import { groupBy } from './group.js';
import { NO_RECORD, readAuditLogs, sayNothing, tellUnread } from './read-audit-log.js';
import { helpFor, meaningOf } from './page/causes.js';
import { table } from './table.js';
import { amount, fitting, print, printable, printJson, quoted, styled, warn } from './terminal.js';

/** The consequences of a denial, the worst first. */
const WAS = ['refused', 'would be', 'noted'] as const;

/** The entries of the logs about one file and one cause. */
interface NotAllowed {
  was: (typeof WAS)[number];
  readonly cause: string;
  readonly package: string;
  readonly path: string;
  /** The first importer. */
  readonly importer?: string;
  times: number;
}

function wasOf(line: AuditLine): NotAllowed['was'] {
  if (line.denied) return 'refused';
  return isRefusal(line) ? 'would be' : 'noted';
}

/** The subject of a line that is about no file. */
export function subjectOf({ path, option, variable, gate, why }: AuditLine): string {
  if (path !== undefined) return path;
  if (variable !== undefined) return `${variable} ${option ?? ''}`.trimEnd();
  if (option !== undefined) return `the option ${option}`;
  return gate === undefined ? (why ?? 'code with no file') : `the gate ${gate}`;
}

const byWeight = (a: NotAllowed, b: NotAllowed): number =>
  WAS.indexOf(a.was) - WAS.indexOf(b.was) || b.times - a.times;

const WIDTH = 80;
/** No cause of mayexec's own is longer. */
const LONGEST_CAUSE = 20;
const shortened = (cause: string): string =>
  cause.length > LONGEST_CAUSE ? `${cause.slice(0, LONGEST_CAUSE - 1)}…` : cause;

/** Prints the entries by package, the worst first. Within a package refused files come first. */
function show(entries: readonly NotAllowed[]): void {
  for (const [name, own] of groupBy(entries, (entry) => entry.package)) {
    const times = own.reduce((sum, entry) => sum + entry.times, 0);
    print(
      styled(
        'bold',
        `${printable(name)}: ${amount(own.length, name === NO_FILE ? 'thing' : 'file')}, ${amount(times, 'time')}`,
      ),
    );
    const rows = own.map(({ was, cause, times: often }) => [
      `  ${was}`,
      printable(shortened(cause)),
      often,
    ]);
    const before = table(rows).split('\n');
    const width = before.reduce((most, line) => Math.max(most, line.length), 0);
    own.forEach(({ path }, i) => {
      const line = (before[i] ?? '').padEnd(width);
      print(`${line}  ${fitting(printable(path), WIDTH - width - 2)}`);
    });
  }
}

/** For how many files the fix of a cause is printed. */
const HELPED = 5;

function help(entries: readonly NotAllowed[], logs: readonly string[]): void {
  for (const reason of Object.keys(causes) as DenialReason[]) {
    const paths = entries
      .filter((entry) => entry.cause === reason && entry.package !== NO_FILE && !isData(entry))
      .map(({ path }) => path);
    if (paths.length === 0) continue;
    print(`${reason}: ${causes[reason]}`);
    // Each file without x needs a line of its own, and the others one for each mount.
    const asked = reason === 'mode' ? paths.slice(0, HELPED) : paths;
    const lines = [...new Set(asked.map((path) => advice(reason, path, () => placeOf(path))))];
    for (const one of lines.slice(0, HELPED)) print(`  ${printable(one)}`);
    const more = paths.length - asked.length + Math.max(0, lines.length - HELPED);
    if (more > 0) print(`  and so for ${amount(more, 'other file')}`);
    if (reason === 'mode' && paths.length > 1 && !logs.includes('-')) {
      const named = logs.map((log) => printable(quoted(log))).join(' ');
      print(`  all that was loaded: mayexec seal --from-audit ${named} DIR`);
    }
  }
  const others = new Set(entries.map(({ cause }) => cause));
  for (const cause of Object.keys(causes)) others.delete(cause);
  for (const cause of [...others].slice(0, HELPED)) {
    print(`${printable(shortened(cause))}: ${meaningOf(cause)}\n  ${helpFor(cause)}`);
  }
}

function showWhat(shown: readonly NotAllowed[], found: number, logs: readonly string[]): void {
  if (found === 0) return;
  show(shown);
  if (shown.length < found) print(`and ${amount(found - shown.length, 'other file')}`);
  print();
  help(shown, logs);
}

/** JSON is checked, too, but it needs no x: nothing would refuse it. */
const isData = ({ was, path }: NotAllowed): boolean => was === 'noted' && path.endsWith('.json');

/** `mayexec explain --from-audit LOG…`. The exit status. */
export async function explainLogs(
  logs: readonly string[],
  { json = false, top = Infinity }: { json?: boolean; top?: number },
): Promise<number> {
  const found = new Map<string, NotAllowed>();
  let verdicts = 0;
  const unread = await readAuditLogs(logs, (line) => {
    verdicts += 1;
    if (line.allowed === true && !isRefusal(line)) return;
    const was = wasOf(line);
    const cause = causeIn(line);
    const path = subjectOf(line);
    const key = `${cause}\0${path}`;
    const entry = found.get(key);
    if (entry === undefined) {
      const { importer } = line;
      const by = importer === undefined ? {} : { importer };
      found.set(key, { was, cause, package: packageIn(line), path, ...by, times: 1 });
      return;
    }
    entry.times += 1;
    if (WAS.indexOf(was) < WAS.indexOf(entry.was)) entry.was = was;
  });
  const entries = [...found.values()].sort(byWeight);
  const shown = entries.slice(0, top);
  const isEmpty = sayNothing(verdicts, unread);
  const { lines, logs: unreadLogs } = unread;
  // Logs without a verdict prove nothing.
  const isSilent = verdicts === 0;
  const isRefused = entries.some(({ was }) => was !== 'noted');
  if (json) {
    const files = entries.length;
    printJson({ verdicts, unread: lines, unreadLogs, files, notAllowed: shown });
  } else if (!isSilent) {
    if (!isRefused) {
      print(`${styled('green', 'nothing was refused')}: ${amount(verdicts, 'verdict')}`);
    }
    showWhat(shown, entries.length, logs);
  }
  const isComplete = tellUnread(unread);
  if (isEmpty) warn(NO_RECORD);
  if (!isComplete || isEmpty) return exitStatus.failure;
  return isRefused ? exitStatus.findings : exitStatus.ok;
}
