import { writeSync } from 'node:fs';

import { openAuditLog, openAuditLogBy, type AuditLog } from '../audit-log.js';
import { openSystemLog } from '../system-log.js';
import { auditLog, handOnLog, isAudited, warns } from './environment.js';
import { isUnderPermission } from './guard/permission.js';
import { logFiles } from './log-files.js';
import { startWarnings } from './warnings.js';

/** Opens the log of a target. Throws what openAuditLog and openSystemLog throw. */
export function openTarget(target: string): AuditLog {
  if (target === 'syslog' || target === 'journal') return openSystemLog(target);
  return isUnderPermission ? openAuditLogBy(logFiles, target) : openAuditLog(target);
}

/** Tells of this thread's verdicts from now on. A log that fails stops no program. */
export function startAuditTrail(): void {
  if (!isAudited) return;
  handOnLog(process.env);
  if (warns) startWarnings();
  if (auditLog === undefined) return;
  try {
    openTarget(auditLog);
  } catch (error) {
    sayNoLog((error as Error).message);
  }
}

/** Tells the operator why the log stays empty. */
export function sayNoLog(why: string): void {
  try {
    writeSync(2, `mayexec: no audit log is written: ${why}\n`);
  } catch {
    // stderr is closed: nobody reads the message.
  }
}
