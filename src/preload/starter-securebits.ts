import { lostSecurebits, obeyLostSecurebits } from '../policy.js';
import { decodeSecurebits } from '../securebits.js';
import { native } from './lib/native.js';
import {
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
} from './lib/primordials.js';

/*
 * A new user namespace clears the securebits. So a process hands its own to what it starts, by a
 * variable with the namespace in which they count: `restrict-file,deny-interactive user:[1]`. In
 * that namespace only the child's own securebits count. native/run/starter_securebits.c writes the
 * same.
 */

/** No namespace has this name, so its securebits are obeyed in each. */
const NOWHERE = 'user:[0]';

function namespaceHere(): string {
  const name = native.userNamespace();
  return typeof name === 'string' ? name : NOWHERE;
}

/** Whether this thread obeys securebits that it may not have. */
let obeysStarter = false;

/** Obeys the securebits in the value of the variable, if this is another namespace. */
export function obeyStarter(value: string): void {
  const space = StringPrototypeIndexOf(value, ' ');
  const namespace = space < 0 ? NOWHERE : StringPrototypeSlice(value, space + 1);
  const here = namespaceHere();
  if (namespace === here && here !== NOWHERE) return;
  obeysStarter = true;
  const names = `,${space < 0 ? value : StringPrototypeSlice(value, 0, space)},`;
  obeyLostSecurebits({
    restrictFile: StringPrototypeIncludes(names, ',restrict-file,'),
    denyInteractive: StringPrototypeIncludes(names, ',deny-interactive,'),
  });
}

/** The value of the variable for what this thread starts. Undefined when no securebit is set. */
export function securebitsToHandOn(): string | undefined {
  const word = native.getSecurebits();
  const own = decodeSecurebits(word < 0 ? 0 : word);
  const lost = lostSecurebits();
  const restrictFile = own.restrictFile || lost.restrictFile;
  const denyInteractive = own.denyInteractive || lost.denyInteractive;
  if (!restrictFile && !denyInteractive) return undefined;
  const both = restrictFile && denyInteractive ? ',' : '';
  const names = `${restrictFile ? 'restrict-file' : ''}${both}${denyInteractive ? 'deny-interactive' : ''}`;
  // The given name may be that of a namespace to come. So name none.
  return `${names} ${obeysStarter ? NOWHERE : namespaceHere()}`;
}
