import { addon, NOT_CHECKED, READ, SKIP_CHECK, type Addon, type Opened } from './addon.js';
import { isExecveCheckMissing } from './answer.js';
import {
  invalidArgValue,
  printablePath,
  throwIfAborted,
  toBoolean,
  toDirfd,
  toOptions,
  toPath,
  toResolve,
  toSignal,
  type PathLike,
  type Resolve,
} from './arguments.js';
import { answerFor, type CheckOptions } from './check.js';
import { constants } from './constants.js';
import { decide } from './decide.js';
import { ExecFile } from './exec-file.js';
import { openat2Error } from './openat2.js';
import { fileBinds, mayEmulate } from './policy.js';
import { decidingSecurebits } from './securebits.js';
import { syscallError, type SyscallArguments } from './errors.js';

export interface OpenOptions extends CheckOptions {
  /** A directory fd that a relative path starts from; default the current directory. */
  dir?: number;
  /** RESOLVE_* bits, or the same by name; default none. */
  resolve?: number | bigint | Resolve;
  /** Only in the promise forms: aborts, and leaves nothing open. */
  signal?: AbortSignal;
}

export interface ReadOptions extends OpenOptions {
  /** Decode to a string; default a Buffer. */
  encoding?: BufferEncoding | null;
}

interface Request {
  native: Addon;
  operation: string;
  path: string | Uint8Array;
  args: SyscallArguments;
  dirfd: number;
  resolve: bigint;
  what: number;
  enforce: boolean;
  emulate: boolean;
  signal: AbortSignal | undefined;
}

function parse(
  operation: string,
  path: PathLike,
  options: OpenOptions | undefined,
  what: number,
): Request {
  const { dir, resolve, enforce, emulate, signal } = toOptions(options);
  const request = {
    operation,
    path: toPath(path),
    dirfd: toDirfd(dir),
    resolve: toResolve(resolve),
    enforce: toBoolean('options.enforce', enforce),
    emulate: toBoolean('options.emulate', emulate),
    signal: toSignal(signal),
    native: addon(),
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
  return { ...request, args };
}

function openSync({ native, dirfd, path, resolve, what }: Request): Opened {
  return native.openExecSync(dirfd, path, resolve, what);
}

async function open(request: Request): Promise<Opened> {
  const { native, dirfd, path, resolve, what, signal } = request;
  throwIfAborted(signal);
  const opened = await native.openExec(dirfd, path, resolve, what);
  if (signal?.aborted === true && opened.fd >= 0) native.closeOwned(opened.fd);
  throwIfAborted(signal);
  return opened;
}

/** Policy over what was opened: the file, or the error with nothing left open. */
function finish(request: Request, { fd, check, securebits }: Opened): ExecFile {
  const { native, operation, args, enforce, emulate } = request;
  if (fd < 0) throw openat2Error(native, fd, args);
  try {
    const deciding = decidingSecurebits(securebits);
    const checked = check === NOT_CHECKED ? undefined : check;
    const answer = answerFor(native, fd, checked, mayEmulate(deciding, emulate));
    const binding = fileBinds(deciding, answer, enforce);
    const { verdict, error } = decide(native, { operation, args, fd }, answer, binding);
    if (error !== undefined) throw error;
    return new ExecFile(native, fd, args.path ?? '', verdict);
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
 * A fifo is opened without waiting for its writer.
 *
 * openat2(2), or openat(2) where a filter refuses that and `resolve` is not
 * used; AT_EXECVE_CHECK since Linux 6.14:
 * Documentation/userspace-api/check_exec.rst.
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

function toEncoding(options: ReadOptions | undefined): BufferEncoding | undefined {
  const encoding = options?.encoding ?? undefined;
  if (encoding !== undefined && !Buffer.isEncoding(encoding)) {
    throw invalidArgValue('encoding', encoding, 'is invalid encoding');
  }
  return encoding;
}

const encode = (data: Buffer, encoding: BufferEncoding | undefined): Buffer | string =>
  encoding === undefined ? data : data.toString(encoding);

/** The content that came with the open, if the check allowed it. */
function contentOf(request: Request, data: Opened['data']): Buffer | undefined {
  if (typeof data === 'number') throw syscallError(data, 'read', request.args);
  return data;
}

/**
 * Opens as openMayExecSync does, reads the whole file from the fd that was
 * checked, and closes it: one native call. A Buffer, or a string with `encoding`.
 * Throws what openMayExecSync throws, and the errors of read(2).
 */
export function readMayExecSync(
  path: PathLike,
  options: Omit<ReadOptions, 'signal'> & { encoding: BufferEncoding },
): string;
export function readMayExecSync(
  path: PathLike,
  options?: Omit<ReadOptions, 'signal'> & { encoding?: null },
): Buffer;
export function readMayExecSync(
  path: PathLike,
  options?: Omit<ReadOptions, 'signal'>,
): Buffer | string {
  const encoding = toEncoding(options);
  const request = parse('readMayExec', path, options, READ);
  const opened = openSync(request);
  const file = finish(request, opened);
  try {
    return encode(contentOf(request, opened.data) ?? file.readSync(), encoding);
  } finally {
    file.closeSync();
  }
}

/** readMayExecSync in libuv's thread pool; rejects with AbortError once `signal` is aborted. */
export async function readMayExec(
  path: PathLike,
  options: ReadOptions & { encoding: BufferEncoding },
): Promise<string>;
export async function readMayExec(
  path: PathLike,
  options?: ReadOptions & { encoding?: null },
): Promise<Buffer>;
export async function readMayExec(path: PathLike, options?: ReadOptions): Promise<Buffer | string> {
  const encoding = toEncoding(options);
  const request = parse('readMayExec', path, options, READ);
  const opened = await open(request);
  const file = finish(request, opened);
  try {
    const data = contentOf(request, opened.data) ?? (await file.read());
    throwIfAborted(request.signal);
    return encode(data, encoding);
  } finally {
    file.closeSync();
  }
}
