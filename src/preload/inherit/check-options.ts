import { checkWithoutFile } from '../../interactive.js';
import { anythingIsEnforced, restriction } from '../../policy.js';
import { adviceOf, type OptionRow } from '../../tables/options.js';
import type { GivenOption } from '../../tables/words.js';
import { isWatched } from '../enforcement.js';
import { strict } from '../settings.js';
import { enter } from '../guard/enter.js';
import { isGate } from '../guard/gates.js';
import { publishUnchecked, refused } from '../refused.js';

/**
 * Publishes something that a restriction refuses before it becomes code. Throws ExecDeniedError
 * under a restriction. Without one the audit shows what would be refused.
 */
export function refuse(operation: 'start' | 'option', why: string, option?: string): void {
  const denied = strict || anythingIsEnforced();
  publishUnchecked(denied, () => ({
    operation,
    origin: operation,
    ...(option === undefined ? {} : { option }),
    why,
  }));
  if (denied) throw refused(why);
}

function cause(): string {
  if (anythingIsEnforced()) return restriction();
  return strict
    ? 'MAYEXEC_STRICT is set'
    : 'a policy allows only options that are known to be harmless';
}

/** Refuses an option with the table's reason for it. */
export function refuseOption(name: string, row: OptionRow | undefined): void {
  const why =
    row === undefined ? 'Its effect is unknown. Leave it out' : `${row.why} ${adviceOf(row)}`;
  refuse('option', `the option ${name} is refused, since ${cause()}. ${why}`, name);
}

/** Refuses a word from which a single executable application may take options of Node. */
export function refuseNodeOptions(word: string): void {
  refuse(
    'option',
    `the application may take options of Node from '${word}', before anything is checked. It is refused, since ${cause()}. Leave it out`,
    '--node-options',
  );
}

/** Refuses a word that removes the preload from the environment of a Node. */
export function refuseClearing(word: string): void {
  refuse(
    'start',
    `'${word}' would start Node without the preload. It is refused, since ${cause()}. ` +
      "Leave it out, write Node's options behind its name, or set variables by the options of child_process",
  );
}

/** Refuses a word that brings unchecked code into a Node. */
export function refuseBringing(word: string): void {
  refuse(
    'start',
    `'${word}' would bring unchecked code into Node. It is refused, since ${cause()}. Leave it out`,
  );
}

/** Refuses a word that sets a name that Node reads as an option. */
export function refuseName(word: string): void {
  refuse(
    'start',
    `'${word}' would be the name of a program, and Node looks for options in its own name, too, ` +
      `which is refused, since ${cause()}. Give it a name that does not begin with two dashes`,
  );
}

function checkOption({ name, row }: GivenOption): void {
  switch (row?.effect) {
    // The code of the last two is checked when it is about to run.
    case 'harmless':
    case 'loads-checked':
    case 'interactive':
      return;
    case 'inspector':
      // A debugger may connect before the preload runs in the new process or Worker.
      checkWithoutFile('inspector');
      return;
    case 'weakens-strict':
      if (row.gate !== undefined && isGate(row.gate) && isWatched(row.gate)) {
        enter(row.gate, `the option ${name}`);
      }
      return;
    default:
      refuseOption(name, row);
  }
}

/** Refuses the first option that is not known to be harmless under a restriction. */
export function checkOptions(options: readonly GivenOption[]): void {
  for (let i = 0; i < options.length; i++) checkOption(options[i] as GivenOption);
}
