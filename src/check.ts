import { addon, NOT_CHECKED, type Addon } from './addon.js';
import { toBoolean, toFd, toOptions } from './arguments.js';
import { decide, factsOf, type Question } from './decision.js';
import { ExecDeniedError } from './errors.js';
import { isExecveCheckMissing } from './mechanism.js';
import type { Verdict } from './verdict.js';

export interface CheckOptions {
  /** Behave as if SECBIT_EXEC_RESTRICT_FILE were set: the verdict binds. */
  enforce?: boolean;
  /** Let user space answer where the kernel has no mechanism. */
  emulate?: boolean;
}

function parse(fd: number, options: CheckOptions | undefined): Question {
  const { enforce, emulate } = toOptions(options);
  return {
    operation: 'checkExec',
    kind: 'file',
    args: { fd: toFd(fd) },
    enforce: toBoolean('options.enforce', enforce),
    emulate: toBoolean('options.emulate', emulate),
    importers: undefined,
  };
}

function finish(native: Addon, question: Question, fd: number, check: number): Verdict {
  const { verdict, error, failure } = decide(native, question, factsOf(native, fd, check));
  if (error !== undefined && !(error instanceof ExecDeniedError)) throw error;
  // Here the verdict is all that was asked for, so a failed attempt is a failure.
  if (failure !== undefined) throw failure;
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
  const question = parse(fd, options);
  const native = addon();
  const check = isExecveCheckMissing() ? NOT_CHECKED : native.checkSync(fd, 'mayexec');
  return finish(native, question, fd, check);
}

/** checkExecSync in libuv's thread pool. */
export async function checkExec(fd: number, options?: CheckOptions): Promise<Verdict> {
  const question = parse(fd, options);
  const native = addon();
  const check = isExecveCheckMissing() ? NOT_CHECKED : await native.check(fd, 'mayexec');
  return finish(native, question, fd, check);
}
