import { resolve } from 'node:path';

import { embedded } from '../executable/embedded.js';

/*
 * The variables of this package. They are read and written here alone, and read once,
 * before the program runs: they can only strengthen, and are not to be taken back.
 */

type Environment = Record<string, string | undefined>;

const ENFORCE = 'MAYEXEC_ENFORCE';
const STRICT = 'MAYEXEC_STRICT';
const STRICT_ALLOW = 'MAYEXEC_STRICT_ALLOW';
const AUDIT_LOG = 'MAYEXEC_AUDIT_LOG';

/** The strictness that refuses nothing. */
const AUDIT = 'audit';

/** What build-node put into the executable holds, whoever starts it with whatever environment. */
function strengthen(environment: Environment): void {
  if (embedded === undefined) return;
  if (embedded.enforce) environment[ENFORCE] = '1';
  if (!embedded.strict) return;
  environment[STRICT] = '1';
  environment[STRICT_ALLOW] = embedded.allow;
}

strengthen(process.env);

/** Any value but '' and 0, so that a word meant as yes is not taken for no. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}

/** `syslog`, `journal`, or the absolute path of a file: a child may run in another directory. */
function auditTarget(given: string | undefined): string | undefined {
  if (given === undefined || given === '') return undefined;
  return given === 'syslog' || given === 'journal' ? given : resolve(given);
}

/** What the environment adds to the system's policy. */
export const enforce = isOn(process.env[ENFORCE]);

const strictness = process.env[STRICT];
/** Nothing is refused for it: the log is told which gates the program uses. mayexec scan --strict. */
export const watchesGates = strictness === AUDIT;
/** What turns other things into code is refused, but for the gates left open by name. */
export const strict = isOn(strictness) && !watchesGates;
export const openGates = process.env[STRICT_ALLOW] ?? '';

/**
 * Where the verdicts of this process, and of all that it starts, are written,
 * besides the channel; undefined when nobody asked. Whoever sets it makes a file
 * grow, and weakens nothing.
 */
export const auditLog = auditTarget(process.env[AUDIT_LOG]);

/** Makes an environment name the same log, wherever it is looked at. */
export function handOnLog(environment: Environment): void {
  if (auditLog !== undefined) environment[AUDIT_LOG] = auditLog;
}

/** Hands on what this process adds to the system's policy, and where verdicts are written. */
export function handOnStrength(environment: Environment): void {
  if (enforce) environment[ENFORCE] = '1';
  handOnLog(environment);
  if (watchesGates) environment[STRICT] = AUDIT;
  if (!strict) return;
  environment[STRICT] = '1';
  environment[STRICT_ALLOW] = openGates;
}

/**
 * A copy of an environment, in which a program is held to nothing and watched by a log,
 * which is told of the gates too when somebody wants them.
 */
export function watchedBy(log: string, environment: Environment, gates: boolean): Environment {
  const copy = { ...environment };
  for (const name of [ENFORCE, STRICT, STRICT_ALLOW]) Reflect.deleteProperty(copy, name);
  copy[AUDIT_LOG] = log;
  if (gates) copy[STRICT] = AUDIT;
  return copy;
}
