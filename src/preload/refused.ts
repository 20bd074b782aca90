import { publish, type AuditMessage } from '../audit.js';
import { EACCES } from '../errno.js';
import { ExecDeniedError } from '../errors.js';
import type { KnownOrigin } from '../origin.js';

/** In the place of a system call. */
const OWN = 'mayexec';

/** A denial without a check: the code has no file that the kernel could check. */
export function refused(why: string, path?: string): ExecDeniedError {
  return new ExecDeniedError(
    EACCES,
    OWN,
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

/**
 * Publishes an error of `refused` about a file that the kernel has allowed. What the kernel refuses
 * has its own record.
 */
export function tellRefusal(
  operation: string,
  origin: KnownOrigin,
  path: string,
  error: unknown,
): void {
  if (!(error instanceof ExecDeniedError) || error.syscall !== OWN) return;
  publishUnchecked(true, () => ({ operation, origin, path, why: error.message }));
}

/** Publishes something that has no file which the kernel could check. */
function tellUnchecked(
  operation: 'load' | 'start',
  origin: KnownOrigin,
  denied: boolean,
  why: string,
  path: string | undefined,
): void {
  publishUnchecked(denied, () => ({
    operation,
    origin,
    ...(path === undefined ? {} : { path }),
    why,
  }));
}

/** Publishes it, and throws ExecDeniedError. */
export function refuseUnchecked(
  operation: 'load' | 'start',
  origin: KnownOrigin,
  why: string,
  path?: string,
): never {
  tellUnchecked(operation, origin, true, why, path);
  throw refused(why, path);
}

/** Publishes it, and throws ExecDeniedError when `denied` is true. */
export function decideUnchecked(
  operation: 'load' | 'start',
  origin: KnownOrigin,
  denied: boolean,
  why: string,
  path?: string,
): void {
  if (denied) refuseUnchecked(operation, origin, why, path);
  tellUnchecked(operation, origin, false, why, path);
}
