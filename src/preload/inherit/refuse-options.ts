import type { OptionRow } from '../../tables/options.js';
import type { GivenOption } from '../../tables/words.js';
import { checkWithoutFile } from '../../interactive.js';
import { isClosed } from '../enforcement.js';
import type { Gate } from '../guard/gates.js';
import { refused } from '../refused.js';

/**
 * Whether a restriction accepts the option. Code without a file is checked later, when it
 * is about to run.
 */
function isTaken({ effect, gate }: OptionRow): boolean {
  switch (effect) {
    case 'harmless':
    case 'loads-checked':
    case 'interactive':
    case 'inspector':
      return true;
    case 'weakens-strict':
      return !isClosed(gate as Gate);
    default:
      return false;
  }
}

/** Throws ExecDeniedError with the table's reason for the option. */
export function refuseOption(name: string, row: OptionRow | undefined): never {
  throw refused(
    row === undefined
      ? `the option ${name} is refused: nobody has judged what it does. Leave it out`
      : `the option ${name} is refused. ${row.why} Leave it out`,
  );
}

/**
 * Throws ExecDeniedError for the first option that is not known to be harmless under a
 * restriction.
 */
export function refuseOptions(options: readonly GivenOption[]): void {
  for (let i = 0; i < options.length; i++) {
    const { name, row } = options[i] as GivenOption;
    if (row === undefined || !isTaken(row)) refuseOption(name, row);
    // A debugger may connect before the preload runs in the new process or Worker.
    if (row.effect === 'inspector') checkWithoutFile();
  }
}
