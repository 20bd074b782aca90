import { posix, resolve } from 'node:path';

import { groupBy } from '../group.js';
import { amount, quoted, quotedPath } from '../terminal.js';
import { helpFor, meaningOf } from './causes.js';
import type { Evidence, Refusal } from './evidence.js';

/** What to do next. Each command can be pasted into a shell. */
export interface Step {
  readonly title: string;
  readonly text: string;
  readonly commands: readonly string[];
}

/** The arguments of the command. */
export interface Given {
  readonly logs: readonly string[];
  readonly html: string;
  /** The real path of --scan. */
  readonly scan: string | undefined;
  /** The other options, as they were typed. */
  readonly more: readonly string[];
}

/** Longer lists of logs are not written into a command. */
const LONGEST = 1500;
/** How many directories or names a step lists. */
const LISTED = 5;

/** The name that Evidence uses. */
const NO_PACKAGE = '(no package)';

/** The application's directory, guessed from a path. */
function rootOf(path: string): string {
  const at = path.indexOf('/node_modules/');
  return at > 0 ? path.slice(0, at) : posix.dirname(path);
}

/** The directories of files, without those beneath another. */
function rootsOf(refusals: readonly Refusal[]): string[] {
  const roots: string[] = [];
  for (const root of [...new Set(refusals.map(({ subject }) => rootOf(subject.what)))].sort()) {
    if (!roots.some((other) => root.startsWith(`${other}/`))) roots.push(root);
  }
  return roots;
}

/**
 * The names of the logs as words of a command. Undefined when there is standard input among them,
 * or too many.
 */
function logWords({ logs }: Given): string | undefined {
  if (logs.includes('-')) return undefined;
  const words = logs.map((log) => quoted(resolve(log))).join(' ');
  return words.length > LONGEST ? undefined : words;
}

function sealing(refusals: readonly Refusal[], evidence: Evidence, given: Given): Step[] {
  const inPackages = refusals.filter(({ subject }) => subject.package !== NO_PACKAGE);
  const alone = refusals.filter(({ subject }) => subject.package === NO_PACKAGE);
  const steps: Step[] = [];
  if (inPackages.length > 0) steps.push(seal(inPackages, evidence, given));
  if (alone.length > 0) {
    steps.push({
      title: `Decide about ${amount(alone.length, 'file')} of no package`,
      text: 'Nothing says where they come from. Look at each before it becomes code.',
      commands: alone.slice(0, LISTED).map(({ subject }) => `chmod +x ${quotedPath(subject.what)}`),
    });
  }
  return steps;
}

function seal(refusals: readonly Refusal[], { hosts }: Evidence, given: Given): Step {
  const roots = rootsOf(refusals).slice(0, LISTED);
  const title = `Seal ${amount(refusals.length, 'file')}`;
  const logs = logWords(given);
  const [only] = roots;
  if (hosts.length > 1 || logs === undefined) {
    const built = given.scan ?? only ?? '.';
    return {
      title,
      text: 'They lack only the x bit. List the code where the application is built, and seal it by content on each host.',
      commands: [
        `mayexec manifest ${quotedPath(built)} --out app.mayexec.json`,
        ...roots.map((root) => `mayexec seal ${quotedPath(root)} --manifest app.mayexec.json`),
      ],
    };
  }
  const isElsewhere = given.scan !== undefined && roots.length === 1 && given.scan !== only;
  return {
    title,
    text: 'They lack only the x bit. This approves what the logs have, by content: first look at the list of files below.',
    commands: isElsewhere
      ? [
          `mayexec seal --from-audit ${logs} --audit-root ${quotedPath(only ?? '')} ${quoted(given.scan)}`,
        ]
      : roots.map((root) => `mayexec seal --from-audit ${logs} ${quotedPath(root)}`),
  };
}

/** The name of the gate or option that a refusal is about. */
const named = ({ subject }: Refusal): string => subject.what.replace(/^the (gate|option) /, '');

function gates(refusals: readonly Refusal[], evidence: Evidence): Step {
  const allowed = refusals.map((one) => `--allow ${quoted(named(one))}`).join(' ');
  return {
    title: `Decide about ${amount(refusals.length, 'gate')} of run --strict`,
    text: 'The program makes code of data there. Some programs try it and work without. This opens what was used:',
    commands: [`mayexec run --strict ${allowed} -- ${commandOf(evidence)}`],
  };
}

function listing(refusals: readonly Refusal[]): string {
  const names = refusals.slice(0, LISTED).map(named);
  const more = refusals.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The hosts of the most frequent refusal, in words. */
function where(refusals: readonly Refusal[]): string {
  const [most] = [...refusals].sort((a, b) => b.hosts - a.hosts);
  if (most === undefined) return '';
  return most.hosts === 1 ? `, on ${most.host}` : `, on ${most.hosts} hosts such as ${most.host}`;
}

function stepsFor(
  cause: string,
  refusals: readonly Refusal[],
  evidence: Evidence,
  given: Given,
): Step[] {
  const count = amount(refusals.length, 'file');
  switch (cause) {
    case 'mode':
      return sealing(refusals, evidence, given);
    case 'gate':
      return [gates(refusals, evidence)];
    case 'option':
      return [
        {
          title: 'Start the program without these options and variables',
          text: `mayexec run refuses or removes them: ${listing(refusals)}${where(refusals)}.`,
          commands: [],
        },
      ];
    case 'start':
      return [
        {
          title: 'Start the program in another way',
          text: `mayexec refuses this${where(refusals)}: ${listing(refusals)}`,
          commands: [],
        },
      ];
    case 'no-file':
      return [
        {
          title: 'Put the code that has no file into files',
          text: `It is ${meaningOf(cause)}${where(refusals)}.`,
          commands: [],
        },
      ];
    default:
      return [
        {
          title: `${count}: ${meaningOf(cause)}`,
          text: `What helps: ${helpFor(cause)}. In ${rootsOf(refusals).slice(0, LISTED).join(', ')}${where(refusals)}.`,
          commands: refusals
            .slice(0, 1)
            .map(({ subject }) => `mayexec explain ${quotedPath(subject.what)}`),
        },
      ];
  }
}

/** The command that was most often recorded. */
function commandOf({ programs }: Evidence): string {
  const [most] = [...programs]
    .filter(([program]) => program.startsWith('/'))
    .sort((a, b) => b[1] - a[1]);
  return most === undefined ? 'node app.js' : `node ${quoted(most[0])}`;
}

/** The given log, if it is a single file to which more can be appended. */
function auditLog({ logs }: Given): string {
  const [log = '-', another] = logs;
  const isOne = another === undefined && log !== '-' && !log.endsWith('.gz');
  return isOne ? quoted(resolve(log)) : 'app.jsonl';
}

function lookAgain(given: Given): string[] {
  const logs = logWords(given);
  if (logs === undefined) return [];
  const more = given.more.map((word) => `${quoted(word)} `).join('');
  return [
    `mayexec report --from-audit ${logs} ${more}--html ${quoted(given.html === '-' ? 'report.html' : resolve(given.html))}`,
  ];
}

/** What to do next, the most important step first. `open` are the remaining refusals. */
export function nextSteps(
  open: readonly Refusal[],
  isComplete: boolean,
  evidence: Evidence,
  given: Given,
): Step[] {
  const steps = [...groupBy(open, ({ cause }) => cause)]
    .sort((a, b) => b[1].length - a[1].length)
    .flatMap(([cause, refusals]) => stepsFor(cause, refusals, evidence, given));
  if (open.length > 0 || !isComplete) {
    steps.push({
      title: 'Look again',
      text: 'Run the application, with its own arguments, until it has loaded what it can. Then make this page again.',
      commands: [
        `mayexec run --audit --audit-log ${auditLog(given)} --log first -- ${commandOf(evidence)}`,
        ...lookAgain(given),
      ],
    });
    return steps;
  }
  return [
    {
      title: 'Enforce',
      text: "Lock the securebits, and keep a log of what is refused then. Add the application's own arguments.",
      commands: [
        `mayexec run --lock --audit-log app.jsonl --log refusals -- ${commandOf(evidence)}`,
      ],
    },
  ];
}
