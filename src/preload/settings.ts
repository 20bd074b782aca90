import { resolve } from 'node:path';

import { embedded } from '../executable/embedded.js';
import { ReflectDeleteProperty } from './lib/primordials.js';
import { securebitsToHandOn } from './starter-securebits.js';

/*
 * The variables of this package. Only this file reads and writes them. It reads them once, before
 * the program runs. They can only strengthen the policy, and the program must not undo that.
 */

type Environment = Record<string, string | undefined>;

/** The prefix of all of them. */
export const OWN_PREFIX = 'MAYEXEC_';
const ENFORCE = 'MAYEXEC_ENFORCE';
const STRICT = 'MAYEXEC_STRICT';
const STRICT_ALLOW = 'MAYEXEC_STRICT_ALLOW';
const AUDIT_LOG = 'MAYEXEC_AUDIT_LOG';
const LOG = 'MAYEXEC_LOG';
const LOG_TEXT = 'MAYEXEC_LOG_TEXT';
const WARN = 'MAYEXEC_WARN';
const IMAGE = 'MAYEXEC_IMAGE';
const BYTECODE = 'MAYEXEC_BYTECODE';
const SECUREBITS = 'MAYEXEC_SECUREBITS';

/** The strictness that refuses nothing. */
const AUDIT = 'audit';

/** Adds the settings of build-node, which apply in every environment. */
function addEmbedded(environment: Environment): void {
  if (embedded === undefined) return;
  if (embedded.enforce) environment[ENFORCE] = '1';
  if (embedded.image !== undefined) environment[IMAGE] = embedded.image;
  if (embedded.bytecode !== undefined) environment[BYTECODE] = embedded.bytecode;
  if (!embedded.strict) return;
  environment[STRICT] = '1';
  environment[STRICT_ALLOW] = embedded.allow;
}

/** Every value except '' and 0 turns it on, so that no spelling of "yes" turns it off. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}

/** The value of a variable. An empty one counts as missing. */
const valueOf = (environment: Environment, name: string): string | undefined =>
  environment[name] === '' ? undefined : environment[name];

function pathOf(environment: Environment, name: string): string | undefined {
  const path = valueOf(environment, name);
  return path === undefined ? undefined : resolve(path);
}

/** What the environment adds to the system's policy. */
export let enforce = false;

/** From here on Workers and child processes inherit the enforcement of checkModules(). */
export function handOnEnforcement(): void {
  enforce = true;
}

/** Refuses nothing: the log records which gates the program uses. For mayexec scan --strict. */
export let watchesGates = false;
/** Refuses what turns data into code, except through the gates that are left open by name. */
export let strict = false;
export let openGates = '';

/**
 * The log for the verdicts of this process and of all that it starts, beside the channel.
 * Undefined when no log was asked for. Setting it makes a file grow and weakens nothing.
 */
export let auditLog: string | undefined;
/** Which verdicts the log has: the value of the variable. */
export let logRecords: string | undefined;
/** How many characters of the code's text the log has: the value of the variable. */
export let logText: string | undefined;

/** Replaces the name of the log by one that child processes understand in any directory. */
export function setAuditLog(target: string): void {
  auditLog = target;
}

/** Whether to print what would be refused on standard error. */
export let warns = false;

/** Whether a log or standard error receives the verdicts of this process and its children. */
export let isAudited = false;

/**
 * The absolute path of the code image. It cannot weaken the policy: the image is checked like any
 * code, and code outside of it is checked as usual.
 */
export let imagePath: string | undefined;
/** The absolute path of the file with approved bytecode, which is checked in the same way. */
export let bytecodePath: string | undefined;

/** The securebits of the process that started this one. starter-securebits.ts explains them. */
export let starterSecurebits: string | undefined;

/** Reads the settings. Nothing else of the preload may come before. */
export function readSettings(): void {
  const { env } = process;
  addEmbedded(env);
  enforce = isOn(env[ENFORCE]);
  watchesGates = env[STRICT] === AUDIT;
  strict = isOn(env[STRICT]) && !watchesGates;
  openGates = env[STRICT_ALLOW] ?? '';
  auditLog = valueOf(env, AUDIT_LOG);
  logRecords = valueOf(env, LOG);
  logText = valueOf(env, LOG_TEXT);
  warns = isOn(env[WARN]);
  isAudited = auditLog !== undefined || warns;
  starterSecurebits = valueOf(env, SECUREBITS);
  imagePath = pathOf(env, IMAGE);
  bytecodePath = pathOf(env, BYTECODE);
}

/**
 * For a Worker: adds what the process was started with. The program may have changed an environment
 * that the Worker shares.
 */
export function addSettingsOfProcess(environment: Environment): void {
  enforce ||= isOn(environment[ENFORCE]);
  starterSecurebits = valueOf(environment, SECUREBITS) ?? starterSecurebits;
  if (isOn(environment[STRICT])) {
    const watches = environment[STRICT] === AUDIT;
    strict ||= !watches;
    watchesGates = !strict;
    openGates = environment[STRICT_ALLOW] ?? '';
  }
  auditLog ??= valueOf(environment, AUDIT_LOG);
  logRecords ??= valueOf(environment, LOG);
  logText ??= valueOf(environment, LOG_TEXT);
  warns ||= isOn(environment[WARN]);
  isAudited = auditLog !== undefined || warns;
}

/** Sets the same log, and the same warnings, in an environment. */
export function handOnLog(environment: Environment): void {
  if (auditLog !== undefined) environment[AUDIT_LOG] = auditLog;
  if (logRecords !== undefined) environment[LOG] = logRecords;
  if (logText !== undefined) environment[LOG_TEXT] = logText;
  if (warns) environment[WARN] = '1';
}

/** Copies this process's additions to the system's policy, its log and its images to an environment. */
export function handOnStrength(environment: Environment): void {
  if (enforce) environment[ENFORCE] = '1';
  const securebits = securebitsToHandOn();
  if (securebits !== undefined) environment[SECUREBITS] = securebits;
  handOnLog(environment);
  if (imagePath !== undefined) environment[IMAGE] = imagePath;
  if (bytecodePath !== undefined) environment[BYTECODE] = bytecodePath;
  if (!strict && !watchesGates) return;
  environment[STRICT] = watchesGates ? AUDIT : '1';
  environment[STRICT_ALLOW] = openGates;
}

/** Whether an environment still has what handOnStrength would copy to it. */
export function hasStrength(environment: Environment): boolean {
  const wanted = { __proto__: null } as unknown as Environment;
  handOnStrength(wanted);
  for (const name in wanted) if (environment[name] !== wanted[name]) return false;
  return true;
}

const NOT_WATCHED = [ENFORCE, SECUREBITS, STRICT, STRICT_ALLOW, IMAGE, BYTECODE, LOG, LOG_TEXT];

/**
 * A copy of an environment in which a log records everything and nothing is restricted. With
 * `gates` the log records the use of gates too.
 */
export function watchedBy(log: string, environment: Environment, gates: boolean): Environment {
  const copy = { ...environment };
  for (let i = 0; i < NOT_WATCHED.length; i++)
    ReflectDeleteProperty(copy, NOT_WATCHED[i] as string);
  copy[AUDIT_LOG] = log;
  if (gates) copy[STRICT] = AUDIT;
  return copy;
}
