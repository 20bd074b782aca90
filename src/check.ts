import { addon, type Addon } from './addon.js';
import { answerWithoutCheck, execveAnswer, isExecveCheckMissing, type Answer } from './answer.js';
import { toBoolean, toFd, toOptions } from './arguments.js';
import { decide, refusal } from './decide.js';
import { ExecDeniedError } from './errors.js';
import { fileBinds, mayEmulate } from './policy.js';
import { readSecurebits } from './securebits.js';
import type { Verdict } from './verdict.js';

export interface CheckOptions {
  /** Behave as if SECBIT_EXEC_RESTRICT_FILE were set: the verdict binds. */
  enforce?: boolean;
  /** Let user space answer where the kernel has no mechanism. */
  emulate?: boolean;
}

interface Request {
  native: Addon;
  fd: number;
  enforce: boolean;
  emulate: boolean;
}

function parse(fd: number, options: CheckOptions | undefined): Request {
  const { enforce, emulate } = toOptions(options);
  return {
    fd: toFd(fd),
    enforce: toBoolean('options.enforce', enforce),
    emulate: toBoolean('options.emulate', emulate),
    native: addon(),
  };
}

/** The answer of the strongest mechanism there is, from the result of the check where it was made. */
export function answerFor(
  native: Addon,
  fd: number,
  checked: number | undefined,
  emulate: boolean,
): Answer {
  if (checked !== undefined) {
    const answer = execveAnswer(native, checked);
    if (answer.unsupported === undefined) return answer;
  }
  return answerWithoutCheck(native, fd, emulate);
}

function finish({ native, fd, enforce, emulate }: Request, checked: number | undefined): Verdict {
  const securebits = readSecurebits(native);
  const answer = answerFor(native, fd, checked, mayEmulate(securebits, emulate));
  const binding = fileBinds(securebits, answer, enforce);
  const subject = { operation: 'checkExec', args: { fd }, fd };
  const { verdict, error } = decide(native, subject, answer, binding);
  if (error !== undefined && !(error instanceof ExecDeniedError)) throw error;
  // Here the answer is all that was asked for, so a failed attempt is a failure.
  if (verdict.allowed === null && answer.unsupported === undefined) {
    throw refusal(verdict, answer, subject);
  }
  return verdict;
}

/**
 * Asks whether an open file may be executed: any fd, O_PATH too. Returns the
 * verdict and never throws for a denial; `verdict.binding` says whether a denial
 * must be obeyed.
 *
 * Throws FileBusyError while the file is open for writing anywhere,
 * InvalidArgumentError for an fd that is not open, SymlinkError for an O_PATH fd
 * of a symbolic link, and UnsupportedError when the verdict would bind and
 * nobody can be asked. AT_EXECVE_CHECK is in Linux since 6.14:
 * execveat(2), Documentation/userspace-api/check_exec.rst.
 */
export function checkExecSync(fd: number, options?: CheckOptions): Verdict {
  const request = parse(fd, options);
  return finish(
    request,
    isExecveCheckMissing() ? undefined : request.native.checkSync(fd, 'mayexec'),
  );
}

/** checkExecSync in libuv's thread pool. */
export async function checkExec(fd: number, options?: CheckOptions): Promise<Verdict> {
  const request = parse(fd, options);
  return finish(
    request,
    isExecveCheckMissing() ? undefined : await request.native.check(fd, 'mayexec'),
  );
}
