import { closeSync, openSync } from 'node:fs';

import { Command } from 'commander';

import { checkExecSync } from '../check.js';
import { constants } from '../constants.js';
import { causes } from '../denial-advice.js';
import { SyscallError } from '../errors.js';
import { openat2Sync } from '../openat2.js';
import { probe } from '../probe.js';
import { getSecurebits } from '../securebits.js';
import type { DenialReason, Verdict } from '../verdict.js';
import { advice } from './advice.js';
import { exitStatus, setStatus } from './exit-status.js';
import { factsOf, placeOf, writersOf } from './file-facts.js';
import { readAuditLog, type AuditLine } from './read-audit-log.js';
import { table } from './table.js';
import { amount, print, printable, quoted, styled, warn } from './terminal.js';

interface Options {
  fromAudit?: string;
}

export function explain(): Command {
  return new Command('explain')
    .description('say what decides whether a file may be executed, and what would change it')
    .argument('[file...]', 'files that were refused, or might be')
    .option('--from-audit <file>', 'explain what an audit log says was not allowed; - for stdin')
    .addHelpText(
      'after',
      '\nExit status: 0 nothing is refused, 1 something is, 2 a file could not be opened or checked, 3 the kernel cannot be asked.',
    )
    .action((files: string[], { fromAudit }: Options, command: Command) => {
      if (files.length === 0 && fromAudit === undefined) {
        command.error('error: name a file, or --from-audit FILE');
      }
      let status: number = exitStatus.ok;
      for (const file of files) status = Math.max(status, explainFile(file));
      if (fromAudit !== undefined) status = Math.max(status, explainLog(fromAudit));
      setStatus(status);
    });
}

/** Throws UnsupportedError where the kernel has no mechanism. */
function explainFile(path: string): number {
  print(styled('bold', printable(path)));
  let fd: number;
  try {
    // O_PATH wakes no device up, and needs no permission to read.
    fd = openat2Sync(path, { flags: constants.O_PATH });
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    print(`  ${styled('yellow', 'failed')}   ${printable(error.message)}`);
    return exitStatus.failure;
  }
  try {
    return explainFd(fd, path);
  } finally {
    closeSync(fd);
  }
}

function explainFd(fd: number, path: string): number {
  const { type, mode, owner, group, permissionClass, executable, mount, place } = factsOf(fd);
  const rows: [label: string, text: string, style?: 'green' | 'red' | 'yellow'][] = [];
  let status: number = exitStatus.ok;
  let help: string | undefined;
  try {
    const verdict = checkExecSync(fd);
    if (verdict.allowed === true) rows.push(['allowed', 'the kernel would execute it', 'green']);
    else {
      rows.push(['refused', cause(verdict), 'red']);
      status = exitStatus.findings;
      help = verdict.reason === undefined ? undefined : advice(verdict.reason, path, () => place);
    }
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    rows.push(['failed', error.message, 'yellow']);
    status = exitStatus.failure;
    if (error.code === 'ETXTBSY') help = whoWrites(fd);
  }
  rows.push(
    ['file', `${type}, mode ${mode}, owner ${owner}, group ${group}`],
    ['user', `${permissionClass}: ${executable ? 'x' : 'no x'}`],
  );
  if (mount !== null) rows.push(['mount', `${mount.at} (${mount.type}, ${mount.options})`]);
  rows.push([
    'modules',
    probe().securityModules?.join(', ') ?? 'unknown: securityfs is not mounted',
  ]);
  rows.push(['policy', policy()]);
  if (help !== undefined) rows.push(['fix', help]);
  for (const [label, text, style] of rows) {
    const padded = label.padEnd(8);
    print(`  ${style === undefined ? padded : styled(style, padded)} ${printable(text)}`);
  }
  return status;
}

function cause({ reason, errno }: Verdict): string {
  return reason === undefined ? (errno ?? '') : causes[reason];
}

function whoWrites(fd: number): string {
  const writers = writersOf(fd).map(({ pid, name }) => `${name} (pid ${pid})`);
  return writers.length === 0
    ? 'somebody has it open for writing, or mapped so: wait, or find out who'
    : `it is open for writing in ${writers.join(', ')}: end that`;
}

/** Whether a denial binds what this shell starts. */
function policy(): string {
  const bits = getSecurebits();
  if (bits === null) return 'unknown: the securebits cannot be read';
  if (!bits.restrictFile) return 'no securebit restricts files here, so a refusal is only noted';
  return `SECBIT_EXEC_RESTRICT_FILE is set${bits.restrictFileLocked ? ' and locked' : ''}, so a refusal binds`;
}

function readLog(file: string, visit: (line: AuditLine) => void): number {
  if (file === '-') return readAuditLog(0, null, visit);
  const fd = openSync(file, 'r');
  try {
    return readAuditLog(fd, null, visit);
  } finally {
    closeSync(fd);
  }
}

/** For how many files the fix of a cause is printed. */
const HELPED = 5;

/** What a log says about one file and one cause. */
interface NotAllowed {
  readonly reason: string;
  readonly path: string;
  /** The first importer. */
  readonly by: string;
  times: number;
  denied: number;
}

/** What was not allowed, by cause and file, the most frequent first. */
function explainLog(file: string): number {
  const found = new Map<string, NotAllowed>();
  let verdicts = 0;
  const unread = readLog(file, (line) => {
    verdicts += 1;
    if (line.allowed === true) return;
    const reason = line.reason ?? line.errno ?? 'no mechanism';
    const option = line.option === undefined ? undefined : `the option ${line.option}`;
    const path = line.path ?? option ?? 'code with no file';
    const key = `${reason}\0${path}`;
    const entry = found.get(key) ?? { reason, path, by: line.importer ?? '', times: 0, denied: 0 };
    entry.times += 1;
    entry.denied += Number(line.denied);
    found.set(key, entry);
  });
  if (unread > 0) warn(`${amount(unread, 'line')} of the log could not be read`);
  if (found.size === 0) {
    print(`${styled('green', 'nothing was refused')}: ${amount(verdicts, 'verdict')}`);
    return unread > 0 ? exitStatus.failure : exitStatus.ok;
  }
  const entries = [...found.values()].sort((a, b) => b.times - a.times);
  print(
    table(
      entries.map(({ reason, path, by, times, denied }) => [
        printable(reason),
        times,
        denied > 0 ? 'refused' : 'noted',
        printable(path),
        printable(by),
      ]),
      ['cause', 'times', 'was', 'file', 'asked for by'],
    ),
  );
  print();
  for (const reason of Object.keys(causes) as DenialReason[]) {
    const paths = entries.filter((entry) => entry.reason === reason).map(({ path }) => path);
    if (paths.length === 0) continue;
    print(`${reason}: ${causes[reason]}`);
    const help = [...new Set(paths.map((path) => advice(reason, path, () => placeOf(path))))];
    for (const one of help.slice(0, HELPED)) print(`  ${printable(one)}`);
    if (help.length > HELPED) print(`  and so for ${amount(help.length - HELPED, 'other file')}`);
    if (reason === 'mode' && paths.length > 1 && file !== '-') {
      print(`  all that was loaded: mayexec seal --from-audit ${printable(quoted(file))} DIR`);
    }
  }
  return unread > 0 ? exitStatus.failure : exitStatus.findings;
}
