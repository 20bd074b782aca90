import { Command, InvalidArgumentError } from 'commander';

import { UnsupportedError } from '../errors.js';
import { GATES, isGate, type Gate } from '../preload/guard/gates.js';
import { auditTarget, openTarget } from '../preload/audit-target.js';
import { confine, launch, planLaunch, type Launch } from '../launch/launch.js';
import { exitStatus, setStatus } from './exit-status.js';
import { printable, warn } from './terminal.js';

/** As in a shell: the command cannot be executed, or is not there. */
const CANNOT_EXECUTE = 126;
const NOT_FOUND = 127;

interface Options {
  lock?: true;
  strict?: true;
  allow: Gate[];
  quiet?: true;
  auditLog?: string;
  allowExec?: string[];
}

function say(line: string): void {
  warn(printable(line, '\n'));
}

function gate(name: string, before: Gate[]): Gate[] {
  if (!isGate(name)) throw new InvalidArgumentError(`The gates are ${GATES.join(', ')}.`);
  return [...before, name];
}

/** Whether the program will find its log; what is missing is better known before it starts. */
function canBeWritten(target: string): boolean {
  try {
    openTarget(auditTarget(target)).close();
    return true;
  } catch (error) {
    say(`the audit log cannot be written: ${(error as Error).message}`);
    return false;
  }
}

function canBeConfined(plan: Launch, allow: readonly string[]): boolean {
  try {
    confine(plan, allow);
    return true;
  } catch (error) {
    say(`--allow-exec: ${(error as Error).message}`);
    setStatus(error instanceof UnsupportedError ? exitStatus.unsupported : exitStatus.failure);
    return false;
  }
}

function start(
  command: string[],
  { lock, strict, allow, quiet, auditLog, allowExec }: Options,
): void {
  if (auditLog !== undefined && !canBeWritten(auditLog)) {
    setStatus(exitStatus.failure);
    return;
  }
  let plan: Launch;
  try {
    plan = planLaunch({
      command,
      lock: lock === true,
      strict: strict === true,
      allow,
      ...(auditLog === undefined ? {} : { auditLog }),
    });
    if (plan.removed.length > 0 && quiet !== true) {
      say(`left out of the environment: ${plan.removed.join(', ')}`);
    }
    if (allowExec !== undefined && !canBeConfined(plan, allowExec)) return;
    // Returns only when the command could not be started.
    setStatus(launch(plan));
  } catch (error) {
    say((error as Error).message);
    setStatus((error as NodeJS.ErrnoException).code === 'ENOENT' ? NOT_FOUND : CANNOT_EXECUTE);
  }
}

export function run(): Command {
  return new Command('run')
    .description(
      'Run a command, Node above all, under the exec securebits with mayexec/register first.',
    )
    .argument('<command...>', 'the command and its arguments, best after --')
    .option('--lock', 'lock the securebits: nothing that is started can clear them')
    .option('--strict', 'close the gates by which a program turns a string into code')
    .option('--allow <gate>', 'with --strict, leave this gate open; may be given again', gate, [])
    .option('--audit-log <target>', 'write every verdict to a file, syslog or journal')
    .option(
      '--allow-exec <path...>',
      'Landlock: execute, and load as code, only what is there; the command itself and its dynamic loader are allowed too',
    )
    .option('--quiet', 'do not say what was left out of the environment')
    .action(start);
}
