import { addon } from './addon.js';
import { isExecveCheckMissing } from './answer.js';
import { toBoolean, toFd, toOptions } from './arguments.js';
import { publish } from './audit.js';
import { answerFor } from './check.js';
import { decide } from './decide.js';
import { EACCES } from './errno.js';
import { ExecDeniedError } from './errors.js';
import { interactiveBinds } from './policy.js';
import { hasExecveCheck } from './probe.js';
import { readSecurebits } from './securebits.js';
import type { Verdict } from './verdict.js';

export interface InteractiveOptions {
  /** Where the code is read from, such as 0 for standard input; none for `-e` and a REPL. */
  fd?: number;
  /** Behave as if SECBIT_EXEC_DENY_INTERACTIVE were set. */
  enforce?: boolean;
}

/**
 * Asks whether code may run for which no file was opened: the text of an
 * option, a line of a REPL, or what comes from an fd such as standard input.
 * Under SECBIT_EXEC_DENY_INTERACTIVE code without an fd is refused, and code
 * from an fd runs only if that fd passes the exec check.
 *
 * Returns the verdict; throws ExecDeniedError when the policy refuses,
 * UnsupportedError or the error of the check when the policy binds and the
 * check cannot be made. Since Linux 6.14; before, nothing binds but `enforce`.
 * Documentation/userspace-api/check_exec.rst.
 */
export function checkInteractive(options?: InteractiveOptions): Verdict {
  const { fd, enforce } = toOptions(options);
  if (fd !== undefined) toFd(fd);
  const enforced = toBoolean('options.enforce', enforce);
  const native = addon();
  const binding = interactiveBinds(readSecurebits(native), enforced);

  if (fd !== undefined) {
    const checked = isExecveCheckMissing() ? undefined : native.checkSync(fd, 'mayexec');
    const answer = answerFor(native, fd, checked, false);
    const { verdict, error } = decide(
      native,
      { operation: 'checkInteractive', args: { fd }, fd },
      answer,
      binding,
    );
    if (error !== undefined) throw error;
    return verdict;
  }

  const known = hasExecveCheck(native);
  const verdict: Verdict = {
    // Without the securebits nobody has an opinion; with them, they are the answer.
    allowed: binding ? false : known ? true : null,
    binding,
    mechanism: known ? 'at_execve_check' : 'none',
    ...(binding ? { errno: 'EACCES' } : {}),
  };
  publish(() => ({ operation: 'checkInteractive', verdict, denied: binding }));
  if (binding) {
    throw new ExecDeniedError(
      EACCES,
      'prctl',
      {},
      verdict,
      `code that comes from no file is refused, since ${enforced ? 'enforce is true' : 'SECBIT_EXEC_DENY_INTERACTIVE is set'}. Put it into an executable file and run that`,
    );
  }
  return verdict;
}
