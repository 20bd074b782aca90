import { parseArgs } from 'node:util';

import { DOORS, isDoor } from '../node/doors.js';
import { launch, planLaunch, type Launch } from '../node/launch.js';

/** As in a shell: the command cannot be executed, is not there, or the line is wrong. */
const CANNOT_EXECUTE = 126;
const NOT_FOUND = 127;
const USAGE = 2;

const usage =
  'usage: mayexec run [--lock] [--strict [--allow=DOOR]...] [--quiet] -- command [argument ...]';

function say(line: string): void {
  process.stderr.write(`mayexec: ${line}\n`);
}

function plan(argv: readonly string[]): { plan: Launch; quiet: boolean } {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      lock: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      allow: { type: 'string', multiple: true, default: [] },
      quiet: { type: 'boolean', default: false },
    },
  });
  const { lock, strict, allow, quiet } = values;
  const wrong = allow.find((name) => !isDoor(name));
  if (wrong !== undefined) throw new TypeError(`There is no door '${wrong}': ${DOORS.join(', ')}`);
  return {
    plan: planLaunch({ command: positionals, lock, strict, allow: allow.filter(isDoor) }),
    quiet,
  };
}

/**
 * `mayexec run`: runs a command, Node above all, under the exec securebits with
 * the preload first. Does not return when the command could be started; else
 * says why on stderr and returns the exit status.
 */
export function run(argv: readonly string[]): number {
  let planned;
  try {
    planned = plan(argv);
  } catch (error) {
    const isDenial = (error as NodeJS.ErrnoException).code === 'EACCES';
    say((error as Error).message);
    if (!isDenial) process.stderr.write(`${usage}\n`);
    return isDenial ? CANNOT_EXECUTE : USAGE;
  }
  if (planned.plan.removed.length > 0 && !planned.quiet) {
    say(`left out of the environment: ${planned.plan.removed.join(', ')}`);
  }
  try {
    return launch(planned.plan);
  } catch (error) {
    say((error as Error).message);
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? NOT_FOUND : CANNOT_EXECUTE;
  }
}
