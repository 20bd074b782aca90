import { readlinkSync as readLink } from 'node:fs';

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
 * that namespace the child's own securebits are the truth. native/run/starter_securebits.c writes
 * the same.
 */

const NAMESPACE = '/proc/self/ns/user';
const UNKNOWN = 'unknown';
const readlinkSync = readLink;

function namespaceHere(): string {
  try {
    return readlinkSync(NAMESPACE);
  } catch {
    return UNKNOWN;
  }
}

/** The namespace of the securebits that this thread obeys without having them. */
let lostIn: string | undefined;

/** Obeys the securebits in the value of the variable, if this is another namespace. */
export function obeyStarter(value: string): void {
  const space = StringPrototypeIndexOf(value, ' ');
  const namespace = space < 0 ? UNKNOWN : StringPrototypeSlice(value, space + 1);
  if (namespace !== UNKNOWN && namespace === namespaceHere()) return;
  lostIn = namespace;
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
  return `${names} ${lostIn ?? namespaceHere()}`;
}
