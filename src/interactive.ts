import { NOT_CHECKED } from './addon.js';
import { toBoolean, toFd, toOptions, toOrigin, type FdLike, type Names } from './arguments.js';
import { decide, decideWithoutFile, factsOf, type Decision, type Question } from './decision.js';
import { toldBy } from './enforce-policy.js';
import type { SyscallArguments } from './errors.js';
import { isExecveCheckMissing } from './mechanism.js';
import type { Origin } from './origin.js';
import { codeFiles } from './portable.js';
import type { Verdict } from './verdict.js';

/** The source of code that comes from no opened file. */
export interface InteractiveOptions {
  /**
   * The fd that the code is read from, such as 0 for standard input. Leave it out for `-e` and a
   * REPL.
   */
  fd?: FdLike | undefined;
  /** Behave as if SECBIT_EXEC_DENY_INTERACTIVE were set. */
  enforce?: boolean | undefined;
  /**
   * How the code comes in, for the audit: `eval`, `stdin`, `repl`, or a word of the interpreter's
   * own such as `LUA_INIT`. It has 1 to 64 printable ASCII characters. The default is `stdin` with
   * an fd, and `eval` without one.
   */
  origin?: Origin | undefined;
}

const names: Names<InteractiveOptions> = { fd: true, enforce: true, origin: true };

/**
 * Asks whether code may run that comes from no opened file: the text of an option, a line of a
 * REPL, or text from an fd such as standard input. Under SECBIT_EXEC_DENY_INTERACTIVE code without
 * an fd is refused. Code from an fd runs only if that fd passes the exec check.
 *
 * `origin` is published with the verdict. It has no effect on the decision.
 *
 * Returns the verdict. Throws ExecDeniedError when the policy refuses. Throws UnsupportedError or
 * the error of the check when the policy binds and the check cannot be made. Linux has the
 * securebits since 6.14 (Documentation/userspace-api/check_exec.rst). On older kernels only
 * `enforce` binds.
 */
export function checkInteractive(options?: InteractiveOptions): Verdict {
  const { fd, enforce, origin } = toOptions(options, names);
  const enforced = toBoolean('options.enforce', enforce);
  const from = fd === undefined ? undefined : toFd(fd);
  const way = toOrigin(origin) ?? (from === undefined ? 'eval' : 'stdin');
  const told = toldBy(codeFiles(), enforced);
  return from === undefined ? checkWithoutFile(way, undefined, told) : checkFromFd(from, way, told);
}

/**
 * checkInteractive for code without an fd, with its text if known. It takes no options object,
 * because a program's prototypes could supply missing options.
 */
export function checkWithoutFile(origin: Origin, text?: string, told?: string): Verdict {
  return obey(decideWithoutFile(codeFiles(), question({}, origin, text, told)));
}

/** checkInteractive for code from an fd. */
export function checkFromFd(fd: number, origin: Origin, told?: string): Verdict {
  const native = codeFiles();
  const check = isExecveCheckMissing() ? NOT_CHECKED : native.checkSync(fd, 'mayexec');
  return obey(
    decide(native, question({ fd }, origin, undefined, told), factsOf(native, fd, check)),
  );
}

function question(
  args: SyscallArguments,
  origin: Origin,
  text: string | undefined,
  told: string | undefined,
): Question {
  return {
    operation: 'checkInteractive',
    origin,
    kind: 'interactive',
    args,
    toldBy: told,
    emulate: false,
    data: false,
    importers: undefined,
    text,
  };
}

function obey({ verdict, error }: Decision): Verdict {
  if (error !== undefined) throw error;
  return verdict;
}
