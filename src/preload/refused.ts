import { publish, type AuditMessage } from '../audit.js';
import { EACCES } from '../errno.js';
import { ExecDeniedError } from '../errors.js';
import type { KnownOrigin } from '../origin.js';

/** A denial without a check: the code has no file that the kernel could check. */
export function refused(why: string, path?: string): ExecDeniedError {
  return new ExecDeniedError(
    EACCES,
    'mayexec',
    path === undefined ? {} : { path },
    { allowed: false, binding: true, mechanism: 'none', errno: 'EACCES' },
    why,
  );
}

/** Tells the audit of what no restriction lets through, although no file was checked. */
export function publishUnchecked(
  denied: boolean,
  about: () => Pick<AuditMessage, 'operation' | 'origin'> & Partial<AuditMessage>,
): void {
  publish(() => ({
    verdict: { allowed: false, binding: denied, mechanism: 'none', errno: 'EACCES' },
    denied,
    wouldDeny: true,
    ...about(),
  }));
}

/** Tells the audit of it, and throws ExecDeniedError where a restriction is in force. */
export function refuseOrTell(
  operation: 'load' | 'start',
  origin: KnownOrigin,
  denied: boolean,
  why: string,
  path?: string,
): void {
  publishUnchecked(denied, () => ({
    operation,
    origin,
    ...(path === undefined ? {} : { path }),
    why,
  }));
  if (denied) throw refused(why, path);
}
