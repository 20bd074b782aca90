import { addon, type Addon } from './addon.js';
import {
  printablePath,
  toDirfd,
  toFlags,
  toMode,
  toOptions,
  toPath,
  toResolve,
  type FdLike,
  type Names,
  type PathLike,
  type Resolve,
} from './arguments.js';
import { constants } from './constants.js';
import { ENOSYS, EPERM } from './errno.js';
import { emulator } from './emulator.js';
import {
  errorClass,
  syscallError,
  UnsupportedError,
  type SyscallArguments,
  type SyscallError,
} from './errors.js';
import { handOver, mayCloseAny } from './hand-over.js';
import { kernelRelease, machine } from './kernel-release.js';

/** `struct open_how`, and the directory that a relative path starts from. */
export interface OpenHow {
  /** A directory: its fd, or an object with an fd (a FileHandle). Default the current directory. */
  dir?: FdLike | undefined;
  /** O_* bits, up to 64. Default O_RDONLY. O_CLOEXEC is always added. */
  flags?: number | bigint | undefined;
  /**
   * Permission bits, 0 to 0o7777, with O_CREAT or O_TMPFILE only. Default 0, a file without any
   * permission.
   */
  mode?: number | bigint | undefined;
  /** RESOLVE_* bits, or an object with their names. Default none. */
  resolve?: number | bigint | Resolve | undefined;
}

const names: Names<OpenHow> = { dir: true, flags: true, mode: true, resolve: true };

interface Request {
  native: Addon;
  dirfd: number;
  path: string | Uint8Array;
  flags: number | bigint;
  mode: number | bigint;
  resolve: number | bigint;
}

function parse(path: PathLike, how: OpenHow | undefined): Request {
  const options = toOptions(how, names, 'how');
  return {
    path: toPath(path),
    dirfd: toDirfd(options.dir),
    flags: toFlags(options.flags),
    mode: toMode(options.mode),
    resolve: toResolve(options.resolve),
    native: addon(),
  };
}

/**
 * The errno if openat2 is refused for every path, else 0. A seccomp filter answers EPERM or ENOSYS
 * for this harmless open too.
 */
function openat2Refusal(native: Addon): number {
  const result = native.openat2Probe(constants.AT_FDCWD, '.', constants.O_PATH, 0);
  return result === ENOSYS || result === EPERM ? result : 0;
}

/** A kernel that is new enough never returns ENOSYS, so a filter or an emulator did. */
export function refusedBy(errno: number): 'kernel' | 'filtered' {
  if (errno === ENOSYS && emulator() !== null) return 'kernel';
  const [major = 0, minor = 0] = kernelRelease().split('.').map(Number);
  return errno === ENOSYS && (major < 5 || (major === 5 && minor < 6)) ? 'kernel' : 'filtered';
}

/** The error for a failed openat2. It distinguishes a refused system call from a refused file. */
export function openat2Error(native: Addon, errno: number, args: SyscallArguments): Error {
  return unlessRefused(native, syscallError(errno, 'openat2', args));
}

/** The same error, unless openat2 itself is refused. */
function unlessRefused(native: Addon, error: SyscallError): Error {
  const { errno } = error;
  if (errno !== ENOSYS && errno !== EPERM) return error;
  const refusal = openat2Refusal(native);
  if (refusal === 0) return error;
  const reason = refusedBy(refusal);
  return new UnsupportedError(
    reason,
    reason === 'kernel'
      ? `openat2 needs Linux 5.6 or newer, and this is ${machine()}`
      : `openat2 is refused by a seccomp filter (${error.code}): allow it in the container's profile, or drop RestrictSUIDSGID= or DynamicUser= from the systemd unit`,
    { cause: error },
  );
}

/** For the error: this package's words for what was asked. */
function argumentsOf({ dirfd, path, flags, mode, resolve }: Request): SyscallArguments {
  return { path: printablePath(path), dir: dirfd, flags, mode, resolve };
}

/**
 * openat2(2): opens a path under the rules of `how` and returns the fd. The caller must close it.
 * It is closed on exec. Since Linux 5.6.
 *
 * Unknown flag and resolve bits fail with EINVAL. EAGAIN under RESOLVE_BENEATH and RESOLVE_IN_ROOT
 * is retried 128 times. An open with O_MAYEXEC proves nothing unless `probe().oMayExec` is
 * `supported`.
 *
 * Throws a SyscallError by errno (README, "Errors"), UnsupportedError when openat2 is missing or
 * refused, and node:fs's TypeError and RangeError for wrong arguments.
 */
export function openat2Sync(path: PathLike, how?: OpenHow): number {
  const request = parse(path, how);
  const { native, dirfd, flags, mode, resolve } = request;
  const fd = native.openat2Sync(dirfd, request.path, flags, mode, resolve);
  if (fd < 0) {
    const args = argumentsOf(request);
    // Made here, since V8 takes 0.4 microseconds for each function that the stack names.
    throw unlessRefused(native, new (errorClass(fd, args))(fd, 'openat2', args));
  }
  // No promise carried it, so the addon does not own it.
  return mayCloseAny ? fd : handOver(native, fd);
}

/** openat2Sync in libuv's thread pool. */
export async function openat2(path: PathLike, how?: OpenHow): Promise<number> {
  const request = parse(path, how);
  const { native, dirfd, flags, mode, resolve } = request;
  const fd = await native.openat2(dirfd, request.path, flags, mode, resolve);
  if (fd < 0) throw openat2Error(native, fd, argumentsOf(request));
  return handOver(native, fd);
}
