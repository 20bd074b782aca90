import {
  FACT_FD,
  FACT_MODE,
  FACT_READ,
  FACTS,
  SKIP_CHECK,
  type CodeFiles,
  type Facts,
} from './addon.js';
import {
  abortable,
  printablePath,
  throwIfAborted,
  toBoolean,
  toDirfd,
  toOptions,
  toPath,
  toResolve,
  toSignal,
  type FdLike,
  type Names,
  type PathLike,
  type Resolve,
} from './arguments.js';
import type { CheckOptions } from './check.js';
import { constants } from './constants.js';
import { decide, type Question } from './decision.js';
import { toldBy } from './enforce-policy.js';
import { EISDIR } from './errno.js';
import { syscallError } from './errors.js';
import { ExecFile } from './exec-file.js';
import { isDirectory } from './file-type.js';
import { isExecveCheckMissing } from './mechanism.js';
import { openat2Error } from './openat2.js';
import { asksKernel, codeFiles } from './portable.js';

/** How a file of code is opened. */
export interface OpenOptions extends CheckOptions {
  /**
   * The directory that a relative path starts from: its fd, or what holds that (a
   * FileHandle); default the current directory.
   */
  dir?: FdLike;
  /** RESOLVE_* bits, or the same by name; default none. */
  resolve?: number | bigint | Resolve;
  /** Only in the promise forms: rejects at once, and leaves nothing open. */
  signal?: AbortSignal;
}

export const openNames: Names<OpenOptions> = {
  enforce: true,
  emulate: true,
  dir: true,
  resolve: true,
  signal: true,
};

/** One call, once its arguments were looked at. */
export interface Request {
  native: CodeFiles;
  question: Question;
  path: string | Uint8Array;
  dirfd: number;
  resolve: bigint;
  what: number;
  signal: AbortSignal | undefined;
}

/** What openCode gave: the content, where it was read, and the facts. */
interface Opened {
  content: Buffer | undefined;
  facts: Facts;
}

/** Looks at the arguments, before anything is touched. */
export function parse(
  operation: string,
  path: PathLike,
  options: OpenOptions | undefined,
  what: number,
  names: Names<OpenOptions> = openNames,
): Request {
  const { dir, resolve, enforce, emulate, signal } = toOptions(options, names);
  const request = {
    path: toPath(path),
    dirfd: toDirfd(dir),
    resolve: toResolve(resolve),
    enforce: toBoolean('options.enforce', enforce),
    emulate: toBoolean('options.emulate', emulate),
    signal: toSignal(signal),
    native: codeFiles(),
    what: isExecveCheckMissing() ? what | SKIP_CHECK : what,
  };
  const args = {
    path: printablePath(request.path),
    dir: request.dirfd,
    flags: BigInt(
      constants.O_RDONLY | constants.O_CLOEXEC | constants.O_NOCTTY | constants.O_NONBLOCK,
    ),
    resolve: request.resolve,
  };
  const { enforce: enforced, emulate: emulated, ...rest } = request;
  return {
    ...rest,
    question: {
      operation,
      origin: 'api',
      kind: 'file',
      args,
      toldBy: toldBy(request.native, enforced),
      emulate: emulated,
      importers: undefined,
      text: undefined,
    },
  };
}

/** One native call: open, check and what `what` asks for. */
export function openSync({ native, dirfd, path, resolve, what }: Request): Opened {
  const facts = new Int32Array(FACTS);
  const content = native.openCodeSync(dirfd, path, resolve, what, facts);
  return { content: content as Buffer | undefined, facts };
}

/** openSync in libuv's thread pool. */
export async function open(request: Request): Promise<Opened> {
  const { native, dirfd, path, resolve, what, signal } = request;
  throwIfAborted(signal);
  const facts = new Int32Array(FACTS);
  const opening = native.openCode(dirfd, path, resolve, what, facts);
  const content = await abortable(opening, signal, () => {
    const fd = facts[FACT_FD] as number;
    if (fd >= 0) native.closeOwned(fd);
  });
  return { content: content as Buffer | undefined, facts };
}

/** Policy over what was opened: the file, or the error with nothing left open. */
export function finish({ native, question }: Request, { content, facts }: Opened): ExecFile {
  const fd = facts[FACT_FD] as number;
  if (fd < 0) {
    throw asksKernel(native)
      ? openat2Error(native, fd, question.args)
      : syscallError(fd, 'open', question.args);
  }
  try {
    // Not for the policy to judge: it is no code, and a module search goes on.
    if (isDirectory(facts[FACT_MODE] as number)) throw syscallError(EISDIR, 'read', question.args);
    const { verdict, error } = decide(native, question, facts, content);
    if (error !== undefined) throw error;
    const read = facts[FACT_READ] as number;
    if (read < 0) throw syscallError(read, 'read', question.args);
    return new ExecFile(native, fd, question.args.path ?? '', verdict);
  } catch (error) {
    native.closeOwned(fd);
    throw error;
  }
}

/**
 * Opens a file in order to run it as code: open, exec check and policy on one
 * fd, with one lookup of the path.
 *
 * Hands over an ExecFile, whose `verdict` says what the kernel answered, or
 * throws: ExecDeniedError when the policy refuses the file; FileBusyError and
 * the other errors of the check when the policy binds and the check failed;
 * UnsupportedError when it binds and cannot be made; a SyscallError by errno
 * when the open itself failed; node:fs's TypeError and RangeError.
 *
 * The policy is the system's: SECBIT_EXEC_RESTRICT_FILE of the calling thread,
 * or the kernel itself where it has O_MAYEXEC. `enforce: true` can only add to it.
 * A fifo is opened without waiting for its writer. A directory is a FileTypeError with
 * EISDIR, whatever the policy.
 *
 * openat2(2), or openat(2) where a filter refuses that and `resolve` is not
 * used; AT_EXECVE_CHECK since Linux 6.14:
 * Documentation/userspace-api/check_exec.rst. On other platforms node:fs opens the file,
 * and `verdict.allowed` is null: they have no such policy.
 */
export function openMayExecSync(path: PathLike, options?: Omit<OpenOptions, 'signal'>): ExecFile {
  const request = parse('openMayExec', path, options, 0);
  return finish(request, openSync(request));
}

/** openMayExecSync in libuv's thread pool; rejects with AbortError once `signal` is aborted. */
export async function openMayExec(path: PathLike, options?: OpenOptions): Promise<ExecFile> {
  const request = parse('openMayExec', path, options, 0);
  return finish(request, await open(request));
}
