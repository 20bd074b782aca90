import { Command, InvalidArgumentError } from 'commander';

import { DOORS, isDoor, type Door } from '../node/doors.js';
import { launch, planLaunch, type Launch } from '../node/launch.js';
import { setStatus } from './exit-status.js';
import { printable } from './terminal.js';

/** As in a shell: the command cannot be executed, or is not there. */
const CANNOT_EXECUTE = 126;
const NOT_FOUND = 127;

interface Options {
  lock?: true;
  strict?: true;
  allow: Door[];
  quiet?: true;
}

function say(line: string): void {
  process.stderr.write(`mayexec: ${printable(line, '\n')}\n`);
}

function door(name: string, before: Door[]): Door[] {
  if (!isDoor(name)) throw new InvalidArgumentError(`The doors are ${DOORS.join(', ')}.`);
  return [...before, name];
}

function start(command: string[], { lock, strict, allow, quiet }: Options): void {
  let plan: Launch;
  try {
    plan = planLaunch({ command, lock: lock === true, strict: strict === true, allow });
    if (plan.removed.length > 0 && quiet !== true) {
      say(`left out of the environment: ${plan.removed.join(', ')}`);
    }
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
    .option('--strict', 'close the doors by which a program turns a string into code')
    .option('--allow <door>', 'with --strict, leave this door open; may be given again', door, [])
    .option('--quiet', 'do not say what was left out of the environment')
    .action(start);
}
