import type { Unread } from '../read-audit-log.js';
import { amount, grouped } from '../terminal.js';
import type { Evidence, Refusal } from './evidence.js';

/** The first thing that the page says. */
export interface Verdict {
  readonly state: 'refused' | 'ready' | 'unknown';
  readonly title: string;
  readonly text: string;
  /** The gaps in the logs. */
  readonly warnings: readonly string[];
  /** Whether everything could be read and checked, so that no finding means no problem. */
  readonly isComplete: boolean;
}

function warningsOf(evidence: Evidence, unread: Unread): string[] {
  const { misdated, beyond, beyondRefused, hosts } = evidence;
  const unasked = hosts.filter((host) => host.unasked > 0).length;
  return [
    ...unread.logs.map(({ log, why }) => `The log ${log} could not be read: ${why}.`),
    ...(unread.lines > 0 ? [`${amount(unread.lines, 'line')} lost, or not readable.`] : []),
    ...(unasked > 0 ? [`The kernel of ${amount(unasked, 'host')} could not be asked.`] : []),
    ...(misdated > 0
      ? [`${amount(misdated, 'record')} with a date that cannot be right, or with none.`]
      : []),
    ...(beyond > 0
      ? [
          `${amount(beyond, 'record')} about more files or hosts than this page tells apart; ${grouped(beyondRefused)} of them would be refused.`,
        ]
      : []),
  ];
}

/** The number of files, and of other things, that would be refused. */
export function countThings(open: readonly Refusal[]): { files: number; others: number } {
  const all = [...new Set(open.map(({ subject }) => subject))];
  const files = all.filter(({ isFile }) => isFile).length;
  return { files, others: all.length - files };
}

function refusedTitle(open: readonly Refusal[]): string {
  const { files, others } = countThings(open);
  if (others === 0) return `${amount(files, 'file')} would be refused`;
  const rest = amount(others, files === 0 ? 'thing' : 'other thing');
  return `${files === 0 ? '' : `${amount(files, 'file')} and `}${rest} would be refused`;
}

export function verdictOf(evidence: Evidence, open: readonly Refusal[], unread: Unread): Verdict {
  const warnings = warningsOf(evidence, unread);
  const { records, hosts, beyondRefused } = evidence;
  const common = { warnings, isComplete: warnings.length === 0 && records > 0 };
  if (open.length > 0 || beyondRefused > 0) {
    const packages = new Set(open.map(({ subject }) => subject.package)).size;
    const refusing = hosts.filter((host) => host.open > 0).length;
    return {
      state: 'refused',
      title: refusedTitle(open),
      text: `In ${amount(packages, 'package')}, on ${grouped(refusing)} of ${amount(hosts.length, 'host')}. mayexec run would stop a program that loads them.`,
      ...common,
    };
  }
  if (records === 0) {
    return {
      state: 'unknown',
      title: 'The logs have no record',
      text: 'So they say nothing. Was the application started with mayexec run --audit-log?',
      ...common,
    };
  }
  const seen = `${amount(records, 'record')} of ${amount(hosts.length, 'host')}`;
  if (!common.isComplete) {
    return {
      state: 'unknown',
      title: 'Nothing that could be read would be refused',
      text: `So say ${seen}. But not everything is known:`,
      ...common,
    };
  }
  return {
    state: 'ready',
    title: 'Nothing would be refused',
    text: `So say ${seen}. Code that was not loaded in this time is not in the logs.`,
    ...common,
  };
}
