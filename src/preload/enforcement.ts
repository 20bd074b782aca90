import { auditLog, enforce, openGates, strict, watchesGates } from './environment.js';
import { GATES, type Gate } from './guard/gates.js';
import './lib/native.js';
import { anythingIsEnforced, enforcePolicy } from '../policy.js';

if (enforce) enforcePolicy();

const closed = Object.create(null) as Record<Gate, boolean>;
const open = openGates.split(',');
for (const gate of GATES) closed[gate] = strict && !open.includes(gate);

/** Whether `strict` closes a gate. */
export function isClosed(gate: Gate): boolean {
  return closed[gate];
}

/** Whether somebody wants to know that a gate is used, to refuse that or to write it down. */
export function isWatched(gate: Gate): boolean {
  return watchesGates || closed[gate];
}

/** Whether what this process starts must have the preload too: there is a policy, or a log, to follow. */
export function isInherited(): boolean {
  return auditLog !== undefined || anythingIsEnforced();
}

let waiting: (() => void)[] | undefined = [];

/**
 * Calls back when something is enforced: at once, or when that is first noticed,
 * since a program may set its own securebits. What it puts in place costs
 * start-up time and is visible, so an unenforced program goes without.
 */
export function whenEnforced(install: () => void): void {
  if (waiting === undefined) install();
  else waiting[waiting.length] = install;
}

export function noticeEnforcement(): void {
  if (waiting === undefined) return;
  const installs = waiting;
  waiting = undefined;
  for (let i = 0; i < installs.length; i++) installs[i]?.();
}
