import { Command } from 'commander';

import { causes } from '../denial-advice.js';
import { ExecDeniedError, SyscallError } from '../errors.js';
import { openMayExecSync } from '../open-may-exec.js';
import type { Verdict } from '../verdict.js';
import { advice } from './advice.js';
import { exitStatus, setStatus } from './exit-status.js';
import { placeOf } from './file-facts.js';
import { print, printable, printJson, styled } from './terminal.js';

interface Answer {
  path: string;
  verdict?: Verdict;
  fix?: string;
  /** The file could not be opened, or the check failed. */
  error?: { code: string; message: string };
}

export function check(): Command {
  return new Command('check')
    .description(
      'ask whether each file may be executed, and if not, say why and how to change that',
    )
    .argument('<file...>', 'files that an interpreter would open')
    .option('--json', 'print the answers as JSON')
    .option('--emulate', 'use mode bits and mount options where the kernel has no check')
    .addHelpText(
      'after',
      `
Exit status:
  0  all are allowed
  1  one is refused
  2  one could not be opened or checked
  3  the kernel has no check`,
    )
    .action((files: string[], { json = false, emulate = false }) => {
      const answers = files.map((path) => ask(path, emulate as boolean));
      if (json) printJson(answers);
      else for (const answer of answers) print(line(answer));
      setStatus(statusOf(answers));
    });
}

/** Throws UnsupportedError, because every other file would give the same error. */
function ask(path: string, emulate: boolean): Answer {
  try {
    // With enforce, a denial and a failed check throw different errors.
    const file = openMayExecSync(path, { enforce: true, emulate });
    file.closeSync();
    return { path, verdict: file.verdict };
  } catch (error) {
    if (error instanceof ExecDeniedError) {
      const { verdict } = error;
      return {
        path,
        verdict,
        ...(verdict.reason === undefined
          ? {}
          : { fix: advice(verdict.reason, path, () => placeOf(path)) }),
      };
    }
    if (!(error instanceof SyscallError)) throw error;
    return { path, error: { code: error.code, message: error.message } };
  }
}

function line({ path, verdict, fix: help, error }: Answer): string {
  const name = printable(path);
  if (error !== undefined) return `${styled('yellow', 'failed ')}  ${name}: ${error.message}`;
  if (verdict?.allowed === true) return `${styled('green', 'allowed')}  ${name}`;
  const why = verdict?.reason === undefined ? (verdict?.errno ?? '') : causes[verdict.reason];
  return `${styled('red', 'refused')}  ${name}: ${why}\n         ${printable(help ?? '')}`;
}

function statusOf(answers: readonly Answer[]): number {
  if (answers.some(({ error }) => error !== undefined)) return exitStatus.failure;
  return answers.every(({ verdict }) => verdict?.allowed === true)
    ? exitStatus.ok
    : exitStatus.findings;
}
