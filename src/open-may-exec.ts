import { abortable, throwIfAborted, toSignal } from './abort.js';
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
  printablePath,
  toBoolean,
  toDirfd,
  toOptions,
  toPath,
  toResolve,
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

/** Options for opening a file of code. */
export interface OpenOptions extends CheckOptions {
  /**
   * The directory that a relative path starts from: its fd, or an object with an fd (a FileHandle).
   * Default the current directory.
   */
  dir?: FdLike | undefined;
  /** RESOLVE_* bits, or an object with their names. Default none. */
  resolve?: number | bigint | Resolve | undefined;
  /** Only in the promise forms. An abort rejects the promise at once and leaves no file open. */
  signal?: AbortSignal | undefined;
}

export const openNames: Names<OpenOptions> = {
  enforce: true,
  emulate: true,
  dir: true,
  resolve: true,
  signal: true,
};

/** One call with checked arguments. */
export interface Request {
  native: CodeFiles;
  question: Question;
  path: string | Uint8Array;
  dirfd: number;
  resolve: number | bigint;
  what: number;
  signal: AbortSignal | undefined;
}

/** openCode's results: the facts, and the content if it was read. */
export interface Opened {
  /** A string only with AS_TEXT. */
  content: Buffer | string | undefined;
  facts: Facts;
}

const FLAGS = constants.O_RDONLY | constants.O_CLOEXEC | constants.O_NOCTTY | constants.O_NONBLOCK;

/** Checks the arguments before any system call. */
export function parse(
  operation: string,
  path: PathLike,
  options: OpenOptions | undefined,
  what: number,
  names: Names<OpenOptions> = openNames,
): Request {
  const { dir, resolve, enforce, emulate, signal } = toOptions(options, names);
  const file = toPath(path);
  const dirfd = toDirfd(dir);
  const bits = toResolve(resolve);
  const isEnforced = toBoolean('options.enforce', enforce);
  const isEmulated = toBoolean('options.emulate', emulate);
  const abort = toSignal(signal);
  const native = codeFiles();
  return {
    native,
    path: file,
    dirfd,
    resolve: bits,
    what: isExecveCheckMissing() ? what | SKIP_CHECK : what,
    signal: abort,
    question: {
      operation,
      origin: 'api',
      kind: 'file',
      args: { path: printablePath(file), dir: dirfd, flags: FLAGS, resolve: bits },
      toldBy: toldBy(native, isEnforced),
      emulate: isEmulated,
      data: false,
      importers: undefined,
      text: undefined,
    },
  };
}

/** One native call that opens, checks and does what the bits of `what` ask for. */
export function openSync({ native, dirfd, path, resolve, what }: Request): Opened {
  const facts = new Int32Array(FACTS);
  const content = native.openCodeSync(dirfd, path, resolve, what, facts);
  return { content, facts };
}

/** openSync in libuv's thread pool. */
export async function open(request: Request): Promise<Opened> {
  const { native, dirfd, path, resolve, what, signal } = request;
  throwIfAborted(signal);
  const facts = new Int32Array(FACTS);
  const opening = native.openCode(dirfd, path, resolve, what, facts);
  if (signal === undefined) return { content: await opening, facts };
  const content = await abortable(opening, signal, () => {
    const fd = facts[FACT_FD] as number;
    if (fd >= 0) native.closeOwned(fd);
  });
  return { content, facts };
}

/** Applies the policy. Returns the file, or closes it and throws the error. */
export function finish({ native, question }: Request, { content, facts }: Opened): ExecFile {
  const fd = facts[FACT_FD] as number;
  if (fd < 0) {
    throw asksKernel(native)
      ? openat2Error(native, fd, question.args)
      : syscallError(fd, 'open', question.args);
  }
  try {
    // A directory is no code, so the policy has no say and a module search goes on.
    if (isDirectory(facts[FACT_MODE] as number)) throw syscallError(EISDIR, 'read', question.args);
    const { verdict, error } = decide(native, question, facts, content as Buffer | undefined);
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
 * Opens a file in order to run it as code. The open, the exec check and the policy use one fd, and
 * the path is looked up once.
 *
 * Returns an ExecFile, whose `verdict` is the kernel's answer. Throws ExecDeniedError when the
 * policy refuses the file. When the policy binds, throws FileBusyError or another error of the
 * check if the check failed, and UnsupportedError if no check is possible. Throws a SyscallError by
 * errno when the open itself failed, and node:fs's TypeError and RangeError for wrong arguments.
 *
 * The policy is the system's: SECBIT_EXEC_RESTRICT_FILE of the calling thread, or the kernel itself
 * where it has O_MAYEXEC. `enforce: true` can only strengthen it. A fifo is opened without waiting
 * for a writer. A directory throws FileTypeError with EISDIR under every policy.
 *
 * Uses openat2(2), or openat(2) when a filter refuses openat2 and `resolve` is not given. Linux has
 * AT_EXECVE_CHECK since 6.14: Documentation/userspace-api/check_exec.rst. Other platforms have no
 * such policy: node:fs opens the file, and `verdict.allowed` is null.
 */
export function openMayExecSync(path: PathLike, options?: Omit<OpenOptions, 'signal'>): ExecFile {
  const request = parse('openMayExec', path, options, 0);
  return finish(request, openSync(request));
}

/** openMayExecSync in libuv's thread pool. Rejects with AbortError when `signal` is aborted. */
export async function openMayExec(path: PathLike, options?: OpenOptions): Promise<ExecFile> {
  const request = parse('openMayExec', path, options, 0);
  return finish(request, await open(request));
}
