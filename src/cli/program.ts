import { createRequire } from 'node:module';

import { Command, CommanderError } from 'commander';

import { SyscallError, UnsupportedError } from '../errors.js';
import { buildNode } from './build-node.js';
import { check } from './check.js';
import { exitStatus, takeStatus } from './exit-status.js';
import { probe } from './probe.js';
import { run } from './run.js';
import { scan } from './scan.js';
import { seal } from './seal.js';
import { printable } from './terminal.js';

/** Every subcommand, in the order of the help text. A new one is registered here, and only here. */
const subcommands: readonly (() => Command)[] = [probe, check, scan, seal, run, buildNode];

function version(): string {
  const own = createRequire(import.meta.url)('mayexec/package.json') as { version: string };
  return own.version;
}

export function program(): Command {
  const result = new Command('mayexec')
    .description(
      'Ask the Linux kernel whether files may be executed, and prepare a Node.js application for it.',
    )
    .version(version(), '-V, --version')
    .showHelpAfterError('(mayexec --help lists what there is)')
    .addHelpText(
      'after',
      `
Exit status:
  0  all is as it should be
  1  something was found: a file is refused, or could not be sealed
  2  the work could not be done: bad arguments, or a system call failed
  3  this machine cannot be asked: no mechanism, no addon, not Linux`,
    );
  for (const subcommand of subcommands) result.addCommand(subcommand());
  for (const command of [result, ...result.commands]) command.exitOverride();
  return result;
}

function statusOf(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has said what there is to say.
    return error.exitCode === 0 ? exitStatus.ok : exitStatus.failure;
  }
  const known =
    error instanceof SyscallError || error instanceof UnsupportedError || isFsError(error);
  const text = known ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`mayexec: ${printable(text ?? '', '\n')}\n`);
  return error instanceof UnsupportedError ? exitStatus.unsupported : exitStatus.failure;
}

function isFsError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

/** Runs the command and returns its exit status. Never throws. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(args, { from: 'user' });
  } catch (error) {
    return statusOf(error);
  }
  return takeStatus();
}
