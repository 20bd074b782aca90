import { NOT_CHECKED, type CodeFiles } from './addon.js';
import { toBoolean, toFd, toOptions, type FdLike, type Names } from './arguments.js';
import { decide, factsOf, type Question } from './decision.js';
import { toldBy } from './enforce-policy.js';
import { ExecDeniedError } from './errors.js';
import { isExecveCheckMissing } from './mechanism.js';
import { codeFiles } from './portable.js';
import type { Verdict } from './verdict.js';

/** Options of a check. */
export interface CheckOptions {
  /** Behave as if SECBIT_EXEC_RESTRICT_FILE were set: the verdict binds. */
  enforce?: boolean | undefined;
  /** Let user space answer where the kernel has no mechanism. */
  emulate?: boolean | undefined;
}

const names: Names<CheckOptions> = { enforce: true, emulate: true };

interface Request {
  native: CodeFiles;
  question: Question;
  fd: number;
}

function parse(file: FdLike, options: CheckOptions | undefined): Request {
  const { enforce, emulate } = toOptions(options, names);
  const fd = toFd(file);
  const enforced = toBoolean('options.enforce', enforce);
  const emulated = toBoolean('options.emulate', emulate);
  const native = codeFiles();
  const question: Question = {
    operation: 'checkExec',
    origin: 'api',
    kind: 'file',
    args: { fd },
    toldBy: toldBy(native, enforced),
    emulate: emulated,
    data: false,
    importers: undefined,
    text: undefined,
  };
  return { native, question, fd };
}

function finish({ native, question, fd }: Request, check: number): Verdict {
  const { verdict, error, failure } = decide(native, question, factsOf(native, fd, check));
  if (error !== undefined && !(error instanceof ExecDeniedError)) throw error;
  // The verdict is the whole purpose of this call, so a failed attempt throws.
  if (failure !== undefined) throw failure;
  return verdict;
}

/**
 * Asks whether an open file may be executed. Takes an fd (O_PATH too) or an object with one (a
 * FileHandle, an ExecFile). Returns the verdict, and never throws for a denial. `verdict.binding`
 * says whether a denial must be obeyed.
 *
 * Throws FileBusyError while any process has the file open for writing, InvalidArgumentError for an
 * fd that is not open, SymlinkError for an O_PATH fd of a symbolic link, and UnsupportedError when
 * the verdict would bind and the check cannot be made.
 *
 * Linux has AT_EXECVE_CHECK since 6.14: execveat(2), Documentation/userspace-api/check_exec.rst.
 */
export function checkExecSync(fd: FdLike, options?: CheckOptions): Verdict {
  const request = parse(fd, options);
  const check = isExecveCheckMissing()
    ? NOT_CHECKED
    : request.native.checkSync(request.fd, 'mayexec');
  return finish(request, check);
}

/** checkExecSync in libuv's thread pool. */
export async function checkExec(fd: FdLike, options?: CheckOptions): Promise<Verdict> {
  const request = parse(fd, options);
  const check = isExecveCheckMissing()
    ? NOT_CHECKED
    : await request.native.check(request.fd, 'mayexec');
  return finish(request, check);
}
