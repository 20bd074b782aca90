import { EACCES } from '../errno.js';
import { ExecDeniedError } from '../errors.js';

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
