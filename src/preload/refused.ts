import { EACCES } from '../errno.js';
import { ExecDeniedError } from '../errors.js';

/** A denial that no check made: what would run has no file that could be asked about. */
export function refused(why: string, path?: string): ExecDeniedError {
  return new ExecDeniedError(
    EACCES,
    'mayexec',
    path === undefined ? {} : { path },
    { allowed: false, binding: true, mechanism: 'none', errno: 'EACCES' },
    why,
  );
}
