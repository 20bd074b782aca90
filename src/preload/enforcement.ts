import {
  enforce,
  isAudited,
  openGates,
  starterSecurebits,
  strict,
  watchesGates,
} from './settings.js';
import { obeyStarter } from './starter-securebits.js';
import { GATES, type Gate } from './guard/gates.js';
import { addonsAreClosed } from './guard/permission.js';
import { append } from './lib/append.js';
import { anythingIsEnforced, enforceOnThisThread } from '../policy.js';

const closed = Object.create(null) as Record<Gate, boolean>;
const watched = Object.create(null) as Record<Gate, boolean>;

/** Makes the settings this thread's policy. */
export function obeySettings(): void {
  if (starterSecurebits !== undefined) obeyStarter(starterSecurebits);
  if (enforce) enforceOnThisThread('MAYEXEC_ENFORCE is set');
  const open = openGates.split(',');
  for (let i = 0; i < GATES.length; i++) {
    const gate = GATES[i] as Gate;
    const isOpen = open.includes(gate);
    closed[gate] = strict && !isOpen;
    watched[gate] = (strict || watchesGates) && !isOpen;
  }
}

/** Whether `strict` closes a gate. */
export function isClosed(gate: Gate): boolean {
  return closed[gate];
}

/** Whether the use of a gate matters, because `strict` refuses it or an audit records it. */
export function isWatched(gate: Gate): boolean {
  return watched[gate];
}

/** Whether there is a restriction, or an audit of what a restriction would refuse. */
export function isEnforcedOrAudited(): boolean {
  return isAudited || anythingIsEnforced();
}

/**
 * Whether child processes and Workers need the preload too: for a policy or an audit, or because
 * the preload takes from them the right to load addons.
 */
export function isInherited(): boolean {
  return addonsAreClosed() || isEnforcedOrAudited();
}

let waiting: (() => void)[] | undefined = [];

/**
 * Calls back when something is enforced: at once, or when that is first noticed, since a
 * program may set its own securebits. Without enforcement nothing is installed, because the
 * hooks cost start-up time and are visible to the program.
 */
export function whenEnforced(install: () => void): void {
  if (waiting === undefined) install();
  else append(waiting, install);
}

export function noticeEnforcement(): void {
  if (waiting === undefined) return;
  const installs = waiting;
  waiting = undefined;
  for (let i = 0; i < installs.length; i++) installs[i]?.();
}
