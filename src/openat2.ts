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
import { syscallError, UnsupportedError, type SyscallArguments } from './errors.js';
import { kernelRelease, machine } from './kernel-release.js';

/** `struct open_how`, and the directory that a relative path starts from. */
export interface OpenHow {
  /** A directory: its fd, or what holds that (a FileHandle); default the current directory. */
  dir?: FdLike;
  /** O_* bits, 64 of them; default O_RDONLY. O_CLOEXEC is always added. */
  flags?: number | bigint;
  /** Permission bits, 0 to 0o7777, with O_CREAT or O_TMPFILE only; default 0, which nobody may read. */
  mode?: number | bigint;
  /** RESOLVE_* bits, or the same by name; default none. */
  resolve?: number | bigint | Resolve;
}

const names: Names<OpenHow> = { dir: true, flags: true, mode: true, resolve: true };

interface Request {
  native: Addon;
  dirfd: number;
  path: string | Uint8Array;
  flags: bigint;
  mode: number | bigint;
  resolve: bigint;
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
 * Whether openat2 itself is refused, whatever the path: a seccomp filter
 * answers EPERM (or ENOSYS) for the harmless open too.
 */
export function openat2Refusal(native: Addon): number {
  const result = native.openat2Probe(constants.AT_FDCWD, '.', BigInt(constants.O_PATH), 0n);
  return result === ENOSYS || result === EPERM ? result : 0;
}

/** ENOSYS from a kernel that is new enough was said by a filter, or by an emulator. */
export function refusedBy(errno: number): 'kernel' | 'filtered' {
  if (errno === ENOSYS && emulator() !== null) return 'kernel';
  const [major = 0, minor = 0] = kernelRelease().split('.').map(Number);
  return errno === ENOSYS && (major < 5 || (major === 5 && minor < 6)) ? 'kernel' : 'filtered';
}

/** The error for a failed openat2, telling a refused call from a refused file. */
export function openat2Error(native: Addon, errno: number, args: SyscallArguments): Error {
  const error = syscallError(errno, 'openat2', args);
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

function fail(request: Request, errno: number): Error {
  const { native, dirfd, path, flags, mode, resolve } = request;
  return openat2Error(native, errno, {
    path: printablePath(path),
    dir: dirfd,
    flags,
    mode,
    resolve,
  });
}

/**
 * openat2(2): opens a path under the rules of `how` and returns the fd, which
 * is the caller's to close and is closed on exec. Since Linux 5.6.
 *
 * Flag and resolve bits that this package does not know are refused with
 * EINVAL. EAGAIN under RESOLVE_BENEATH and RESOLVE_IN_ROOT is retried 128 times.
 * An fd opened with O_MAYEXEC proves nothing on a kernel whose
 * `probe().oMayExec` is not `supported`.
 *
 * Throws a SyscallError by errno (README, "Errors"), UnsupportedError where
 * openat2 cannot be had, and node:fs's TypeError and RangeError.
 */
export function openat2Sync(path: PathLike, how?: OpenHow): number {
  const request = parse(path, how);
  const { native, dirfd, flags, mode, resolve } = request;
  const fd = native.openat2Sync(dirfd, request.path, flags, BigInt(mode), resolve);
  if (fd < 0) throw fail(request, fd);
  return fd;
}

/**
 * openat2Sync in libuv's thread pool. A Worker that is terminated just as the promise settles can
 * leave the fd open in the process: the number was already the program's. A MayExecFile has no such
 * gap.
 */
export async function openat2(path: PathLike, how?: OpenHow): Promise<number> {
  const request = parse(path, how);
  const { native, dirfd, flags, mode, resolve } = request;
  const fd = await native.openat2(dirfd, request.path, flags, BigInt(mode), resolve);
  if (fd < 0) throw fail(request, fd);
  native.disown(fd);
  return fd;
}
