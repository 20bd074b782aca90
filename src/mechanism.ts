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
import { execveCheckStatus, probeOMayExec } from './probe.js';
import type { DenialReason, Mechanism } from './verdict.js';

/** A verdict as its mechanism gave it, before any policy. */
export interface RawVerdict {
  readonly allowed: boolean | null;
  readonly mechanism: Mechanism;
  /** Negative; of the denial, or of the failed attempt. */
  readonly errno?: number;
  /** The call that failed, where it was not the mechanism's own. */
  readonly syscall?: string;
  /** Why nobody could be asked. */
  readonly unsupported?: 'platform' | 'kernel' | 'filtered';
}

/** Where the system has no policy about scripts. */
export const NOBODY: RawVerdict = { allowed: null, mechanism: 'none', unsupported: 'platform' };

/** Learnt once: a kernel does not grow the check, and a filter is never taken off. */
let execveCheckMissing: RawVerdict | undefined;

export function isExecveCheckMissing(): boolean {
  return execveCheckMissing !== undefined;
}

function missing(unsupported: 'kernel' | 'filtered', errno: number): RawVerdict {
  execveCheckMissing = { allowed: null, mechanism: 'none', errno, unsupported };
  return execveCheckMissing;
}

/** Whether the kernel refuses by itself what it is asked about: it has O_MAYEXEC and no newer check. */
let decides: boolean | undefined;

export function oMayExecDecides(native: Addon): boolean {
  if (decides !== undefined) return decides;
  const check = execveCheckStatus(native);
  const flag = check === 'supported' ? 'unsupported' : probeOMayExec(native).status;
  if (check === 'unavailable' || flag === 'unavailable') return false;
  decides = flag === 'supported';
  return decides;
}

/**
 * The verdict of the strongest mechanism there is, from the result of the check
 * where that was made.
 */
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
 * What the result of AT_EXECVE_CHECK means. EACCES and EPERM may be the kernel's
 * no or a seccomp filter's, EINVAL an old kernel's or a file system's: asking about
 * fd -1, which is no file, tells who it was.
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

/** The addon has no thread or process in which a check would harm nobody else. */
function unasked(errno: number): RawVerdict {
  if (errno === EPERM || errno === ENOSYS || errno === ECHILD) {
    execveCheckMissing = { ...missing('filtered', errno), syscall: 'clone' };
    return execveCheckMissing;
  }
  return { allowed: null, mechanism: 'at_execve_check', errno, syscall: 'clone' };
}

/**
 * The verdict where the kernel has no AT_EXECVE_CHECK: that of the O_MAYEXEC flag
 * where it has that, else user space's own if the caller wants it, else none.
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
  if (probeOMayExec(native).status === 'supported') return askOMayExec(native, fd);
  if (emulate) return emulated(native, facts);
  return none;
}

/** The errnos by which an open with O_MAYEXEC refuses what a plain one opens. */
export function oMayExecVerdict(result: number): RawVerdict {
  const mechanism = 'o_mayexec';
  if (result === 0) return { allowed: true, mechanism };
  if (result === EACCES || result === EISDIR) return { allowed: false, mechanism, errno: EACCES };
  return { allowed: null, mechanism, errno: result };
}

/**
 * Opens the file again with the flag, by its fd and so without a second lookup
 * of a path. That the fd is open at all tells an execution denial from a plain
 * lack of permission to read.
 */
function askOMayExec(native: Addon, fd: number): RawVerdict {
  const flags =
    constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_MAYEXEC;
  return oMayExecVerdict(
    native.openat2Probe(constants.AT_FDCWD, `/proc/self/fd/${fd}`, BigInt(flags), 0n),
  );
}

/** Mode bits for the effective ids, noexec mount, file type: no security module is heard. */
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

/** What kernelFile says of a file system whose superblock allows no execution. */
const NEVER_EXECUTES = 2;

/**
 * Why a file was refused, and with which errno. Asked only after a denial, about the same
 * facts.
 */
export function denialReason(native: CodeFiles, facts: Facts, errno: number): DenialReason {
  const fd = facts[FACT_FD] as number;
  const mode = facts[FACT_MODE] as number;
  if (!isRegularFile(mode) || !asksKernel(native)) return 'not-regular';
  if (native.onNoexecMount(fd) === 1) return 'noexec-mount';
  if ((mode & 0o111) !== 0 && native.kernelFile(fd) === NEVER_EXECUTES) return 'noexec-mount';
  if (native.execAccess(fd) === EACCES) return 'mode';
  // The security modules of the kernel say EACCES. fanotify(7) says EPERM for FAN_DENY.
  return errno === EPERM ? 'fanotify' : 'security-module';
}

/** Whether the kernel itself makes up what the file holds, as in procfs. */
export function isKernelFile(native: CodeFiles, fd: number): boolean {
  return asksKernel(native) && native.kernelFile(fd) > 0;
}

/** The error for a check that could not be made, where its verdict would bind. */
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
      `the execution check is binding, but ${machine()} cannot make it${code}: it needs Linux 6.14 or newer; emulate: true settles for mode bits and the noexec mount option`,
    );
  }
  return new UnsupportedError(
    'filtered',
    syscall === 'clone'
      ? `the execution check is binding, but a seccomp filter leaves no thread or process in which to make it${code}: allow clone, and unshare or vfork, in the filter`
      : `the execution check is binding, but a seccomp filter refuses execveat with AT_EXECVE_CHECK${code}: allow execveat in the filter`,
  );
}
