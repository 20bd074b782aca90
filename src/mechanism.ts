import {
  FACT_CHECK,
  FACT_FD,
  FACT_MODE,
  NOT_CHECKED,
  UNASKED,
  type Addon,
  type CodeFiles,
  type Facts,
} from './addon.js';
import { constants } from './constants.js';
import { describeErrno, EACCES, EBADF, ECHILD, EINVAL, EISDIR, ENOSYS, EPERM } from './errno.js';
import { UnsupportedError } from './errors.js';
import { isRegularFile } from './file-type.js';
import { machine } from './kernel-release.js';
import { asksKernel } from './portable.js';
import { execveCheckStatus, probeOMayExec, type Dialect } from './probe.js';
import type { DenialReason, Mechanism } from './verdict.js';

/** A verdict before any policy. */
export interface RawVerdict {
  readonly allowed: boolean | null;
  readonly mechanism: Mechanism;
  /** The negative errno of the denial or of the failed attempt. */
  readonly errno?: number;
  /** The call that failed, if it was not the mechanism's own call. */
  readonly syscall?: string;
  /** Why no check was possible. */
  readonly unsupported?: 'platform' | 'kernel' | 'filtered';
}

/** The answer where the system has no policy about scripts. */
export const NOBODY: RawVerdict = { allowed: null, mechanism: 'none', unsupported: 'platform' };

/** Remembered, because a running kernel gains no check and a seccomp filter is never removed. */
let execveCheckMissing: RawVerdict | undefined;

export function isExecveCheckMissing(): boolean {
  return execveCheckMissing !== undefined;
}

function missing(unsupported: 'kernel' | 'filtered', errno: number): RawVerdict {
  execveCheckMissing = { allowed: null, mechanism: 'none', errno, unsupported };
  return execveCheckMissing;
}

/** Whether the kernel itself refuses the open: it has O_MAYEXEC and no AT_EXECVE_CHECK. */
let decides: boolean | undefined;

export function oMayExecDecides(native: Addon): boolean {
  if (decides !== undefined) return decides;
  const check = execveCheckStatus(native);
  const flag = check === 'supported' ? 'unsupported' : probeOMayExec(native).status;
  if (check === 'unavailable' || flag === 'unavailable') return false;
  decides = flag === 'supported';
  return decides;
}

/** The verdict of the strongest mechanism: the result of the check if it was made. */
export function verdictOf(native: CodeFiles, facts: Facts, emulate: boolean): RawVerdict {
  if (!asksKernel(native)) return NOBODY;
  const check = facts[FACT_CHECK] as number;
  if (check !== NOT_CHECKED) {
    const verdict = execveVerdict(native, check);
    if (verdict.unsupported === undefined) return verdict;
  }
  return verdictWithoutCheck(native, facts, emulate);
}

/**
 * The meaning of a result of AT_EXECVE_CHECK. EACCES and EPERM may come from the kernel or from a
 * seccomp filter. EINVAL may come from an old kernel or from a file system. A check of fd -1, which
 * is no file, tells the two apart.
 */
export function execveVerdict(native: Addon, result: number): RawVerdict {
  const mechanism = 'at_execve_check';
  if (result === 0) return { allowed: true, mechanism };
  if (result <= UNASKED) return unasked(result - UNASKED);
  const denied = result === EACCES || result === EPERM;
  if (denied || result === EINVAL || result === ENOSYS) {
    const status = execveCheckStatus(native);
    if (status === 'filtered') return missing('filtered', result);
    if (status === 'unsupported') return missing('kernel', result);
  }
  return { allowed: denied ? false : null, mechanism, errno: result };
}

/** The addon could not start a separate thread or process for the check. */
function unasked(errno: number): RawVerdict {
  if (errno === EPERM || errno === ENOSYS || errno === ECHILD) {
    execveCheckMissing = { ...missing('filtered', errno), syscall: 'clone' };
    return execveCheckMissing;
  }
  return { allowed: null, mechanism: 'at_execve_check', errno, syscall: 'clone' };
}

/**
 * The verdict on a kernel without AT_EXECVE_CHECK: O_MAYEXEC's if the kernel has it, else user
 * space's if the caller accepts that, else none.
 */
export function verdictWithoutCheck(native: Addon, facts: Facts, emulate: boolean): RawVerdict {
  const fd = facts[FACT_FD] as number;
  const none = execveCheckMissing ?? {
    allowed: null,
    mechanism: 'none',
    errno: EINVAL,
    unsupported: 'kernel',
  };
  if (native.onNoexecMount(fd) === EBADF) return { allowed: null, mechanism: 'none', errno: EBADF };
  const { status, dialect } = probeOMayExec(native);
  if (status === 'supported') return askOMayExec(native, fd, dialect);
  if (emulate) return emulated(native, facts);
  return none;
}

/** The verdict of an open with O_MAYEXEC after a plain open of the same file succeeded. */
export function oMayExecVerdict(result: number): RawVerdict {
  const mechanism = 'o_mayexec';
  if (result === 0) return { allowed: true, mechanism };
  if (result === EACCES || result === EISDIR) return { allowed: false, mechanism, errno: EACCES };
  return { allowed: null, mechanism, errno: result };
}

/**
 * Opens the file again with the flag, through its fd and so without a second lookup of the path.
 * The first open has already proved that the file may be read, so EACCES is about execution.
 */
function askOMayExec(native: Addon, fd: number, dialect: Dialect | undefined): RawVerdict {
  const path = `/proc/self/fd/${fd}`;
  if (dialect === 'clip-os') return oMayExecVerdict(native.clipOsOpen(path, 1));
  const flags =
    constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_MAYEXEC;
  return oMayExecVerdict(native.openat2Probe(constants.AT_FDCWD, path, BigInt(flags), 0n));
}

/**
 * User space's verdict: mode bits for the effective ids, noexec mount, file type. It asks no
 * security module.
 */
function emulated(native: Addon, facts: Facts): RawVerdict {
  const mechanism = 'emulated';
  if (!isRegularFile(facts[FACT_MODE] as number))
    return { allowed: false, mechanism, errno: EACCES };
  const fd = facts[FACT_FD] as number;
  const noexec = native.onNoexecMount(fd);
  if (noexec < 0) return { allowed: null, mechanism, errno: noexec };
  if (noexec === 1 || native.kernelFile(fd) === NEVER_EXECUTES)
    return { allowed: false, mechanism, errno: EACCES };
  const access = native.execAccess(fd);
  if (access === 0) return { allowed: true, mechanism };
  return { allowed: access === EACCES ? false : null, mechanism, errno: access };
}

/** kernelFile's answer for a file system whose superblock forbids execution. */
const NEVER_EXECUTES = 2;

/** Why a file was refused. Works it out after a denial only, so that it costs nothing otherwise. */
export function denialReason(native: CodeFiles, facts: Facts, errno: number): DenialReason {
  const fd = facts[FACT_FD] as number;
  const mode = facts[FACT_MODE] as number;
  if (!isRegularFile(mode) || !asksKernel(native)) return 'not-regular';
  if (native.onNoexecMount(fd) === 1) return 'noexec-mount';
  if ((mode & 0o111) !== 0 && native.kernelFile(fd) === NEVER_EXECUTES) return 'noexec-mount';
  if (native.modeGrants(fd) === 0) return 'mode';
  // The kernel's security modules return EACCES. fanotify(7) returns EPERM for FAN_DENY.
  return errno === EPERM ? 'fanotify' : 'security-module';
}

/** Whether the kernel generates the file's content, as in procfs. */
export function isKernelFile(native: CodeFiles, fd: number): boolean {
  return asksKernel(native) && native.kernelFile(fd) > 0;
}

/** The error for a binding check that could not be made. */
export function unsupportedError({ unsupported, errno, syscall }: RawVerdict): UnsupportedError {
  if (unsupported === 'platform') {
    return new UnsupportedError(
      'platform',
      `the execution check is binding, but ${process.platform} has no such check: only Linux has, from 6.14 on`,
    );
  }
  const code = errno === undefined ? '' : ` (${describeErrno(errno).code})`;
  if (unsupported === 'kernel') {
    return new UnsupportedError(
      'kernel',
      `the execution check is binding, but ${machine()} cannot make it${code}: it needs Linux 6.14 or newer; emulate: true accepts mode bits and the noexec mount option instead`,
    );
  }
  return new UnsupportedError(
    'filtered',
    syscall === 'clone'
      ? `the execution check is binding, but a seccomp filter leaves no thread or process in which to make it${code}: allow clone, and unshare or vfork, in the filter`
      : `the execution check is binding, but a seccomp filter refuses execveat with AT_EXECVE_CHECK${code}: allow execveat in the filter`,
  );
}
