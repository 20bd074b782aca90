import { auditLog } from './audit-target.js';
import { GATES, type Gate } from './guard/gates.js';
import './lib/native.js';
import { anythingIsEnforced, enforcePolicy } from '../policy.js';

/** Any value but '' and 0, so that a word meant as yes is not taken for no. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}

/**
 * What the environment adds to the system's policy. Read once, before the
 * program runs: it can only strengthen, and is not to be taken back.
 */
export const enforce = isOn(process.env['MAYEXEC_ENFORCE']);
if (enforce) enforcePolicy();
const strictness = process.env['MAYEXEC_STRICT'];
/** Nothing is refused for it: the log is told which gates the program uses. mayexec scan --strict. */
export const watchesGates = strictness === 'audit';
/** What turns other things into code is refused, but for the gates left open by name. */
export const strict = isOn(strictness) && !watchesGates;
export const openGates = process.env['MAYEXEC_STRICT_ALLOW'] ?? '';

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

/** Makes an environment say so, for a thread or child to do the same. */
export function handOnStrictness(environment: Record<string, string | undefined>): void {
  if (watchesGates) environment['MAYEXEC_STRICT'] = 'audit';
  if (!strict) return;
  environment['MAYEXEC_STRICT'] = '1';
  environment['MAYEXEC_STRICT_ALLOW'] = openGates;
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
