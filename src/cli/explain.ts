import { closeSync } from 'node:fs';

import { Command, InvalidArgumentError, Option } from 'commander';

import { addon } from '../addon.js';
import { checkExecSync } from '../check.js';
import { constants } from '../constants.js';
import { causes } from '../denial-advice.js';
import { SyscallError } from '../errors.js';
import { openat2Sync } from '../openat2.js';
import { probe } from '../probe.js';
import { decodeSecurebits } from '../securebits.js';
import type { Verdict } from '../verdict.js';
import { advice } from './advice.js';
import { explainLogs } from './explain-logs.js';
import { exitStatus, setStatus } from './exit-status.js';
import { checkPairs } from './goes-with.js';
import { factsOf, writersOf } from './file-facts.js';
import { print, printable, styled } from './terminal.js';

interface Options {
  fromAudit?: readonly string[];
  json?: boolean;
  top?: number;
}

export function explain(): Command {
  return new Command('explain')
    .description('show what decides whether a file may be executed, and how to change that')
    .argument('[file...]', 'files that were refused, or might be')
    .option('--from-audit <log...>', 'explain the denials in audit logs (also .gz; - is stdin)')
    .addOption(new Option('--json', 'with --from-audit: print the result as JSON'))
    .addOption(
      new Option('--top <n>', 'with --from-audit: show only the n worst files').argParser(toNumber),
    )
    .addHelpText(
      'after',
      `
Exit status:
  0  nothing is refused
  1  something is refused
  2  a file could not be opened or checked
  3  the kernel has no check`,
    )
    .action(async (files: string[], options: Options, command: Command) => {
      const { fromAudit } = options;
      if (files.length === 0 && fromAudit === undefined) {
        command.error('error: name a file, or --from-audit FILE');
      }
      checkPairs(command, [
        ['--json', '--from-audit'],
        ['--top', '--from-audit'],
      ]);
      if (options.json === true && files.length > 0) {
        command.error('error: --json goes with --from-audit alone (mayexec check --json FILE)');
      }
      let status: number = exitStatus.ok;
      for (const file of files) status = Math.max(status, explainFile(file));
      if (fromAudit !== undefined) {
        status = Math.max(status, await explainLogs(fromAudit, options));
      }
      setStatus(status);
    });
}

function toNumber(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('It must be a number above 0.');
  return Number(value);
}

/** Throws UnsupportedError where the kernel has no mechanism. */
function explainFile(path: string): number {
  print(styled('bold', printable(path)));
  let fd: number;
  try {
    // O_PATH has no effect on a device, and needs no read permission.
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
    ? 'a process has it open or mapped for writing: wait, or find that process'
    : `it is open for writing in ${writers.join(', ')}: end that process`;
}

/** Whether a denial binds for programs that this shell starts. */
function policy(): string {
  // The check has thrown where they cannot be read.
  const { restrictFile, restrictFileLocked } = decodeSecurebits(addon().getSecurebits());
  if (!restrictFile) return 'no securebit restricts files here, so a refusal is only noted';
  return `SECBIT_EXEC_RESTRICT_FILE is set${restrictFileLocked ? ' and locked' : ''}, so a refusal binds`;
}
