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

/** Publishes something that every restriction refuses, without the check of a file. */
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

/** Publishes it, and throws ExecDeniedError when `denied` is true. */
export function decideUnchecked(
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
