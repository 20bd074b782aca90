import { writeSync } from 'node:fs';
import { resolve } from 'node:path';

import { openAuditLog, type AuditLog } from '../audit-log.js';
import { openSystemLog } from '../system-log.js';

/** `syslog`, `journal`, or the absolute path of a file: a child may run in another directory. */
export function auditTarget(given: string): string {
  return given === 'syslog' || given === 'journal' ? given : resolve(given);
}

/** Opens the log of a target. Throws what openAuditLog and openSystemLog throw. */
export function openTarget(target: string): AuditLog {
  return target === 'syslog' || target === 'journal' ? openSystemLog(target) : openAuditLog(target);
}

const given = process.env['MAYEXEC_AUDIT_LOG'];

/**
 * Where the verdicts of this process, and of all that it starts, are written,
 * besides the channel; undefined when nobody asked. Read once, before the program
 * runs. Whoever sets it makes a file grow, and weakens nothing.
 */
export const auditLog = given === undefined || given === '' ? undefined : auditTarget(given);

/** From now on the verdicts of this thread are written there. A log is no reason not to start. */
export function startAuditTrail(): void {
  if (auditLog === undefined) return;
  process.env['MAYEXEC_AUDIT_LOG'] = auditLog;
  try {
    openTarget(auditLog);
  } catch (error) {
    sayNoLog((error as Error).message);
  }
}

/** Tells the operator that the log stays empty. */
export function sayNoLog(why: string): void {
  try {
    writeSync(2, `mayexec: no audit log is written: ${why}\n`);
  } catch {
    // Nobody to tell.
  }
}
