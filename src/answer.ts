import { fstatSync } from 'node:fs';

import type { Addon } from './addon.js';
import { constants } from './constants.js';
import { describeErrno, EACCES, EBADF, EINVAL, EISDIR, ENOSYS, EPERM } from './errno.js';
import { UnsupportedError } from './errors.js';
import { kernelRelease } from './kernel-release.js';
import { probeExecveCheck, probeOMayExec } from './probe.js';
import type { DenialReason, Mechanism } from './verdict.js';

/** What one question to one mechanism gave, before any policy. */
export interface Answer {
  readonly allowed: boolean | null;
  readonly mechanism: Mechanism;
  /** Negative; of the denial, or of the failed attempt. */
  readonly errno?: number;
  /** Why nobody could be asked. */
  readonly unsupported?: 'kernel' | 'filtered';
}

/** Learnt once: a kernel does not grow the check, and a filter is never taken off. */
let execveCheckMissing: Answer | undefined;

export function isExecveCheckMissing(): boolean {
  return execveCheckMissing !== undefined;
}

/**
 * What the result of AT_EXECVE_CHECK means. EPERM may be a security module's no
 * or a seccomp filter's, EINVAL an old kernel's or a file system's: asking about
 * fd -1, which is no file, tells who it was.
 */
export function execveAnswer(native: Addon, result: number): Answer {
  const mechanism = 'at_execve_check';
  if (result === 0) return { allowed: true, mechanism };
  if (result === EPERM || result === EINVAL || result === ENOSYS) {
    const { status } = probeExecveCheck(native);
    if (status !== 'supported') {
      execveCheckMissing = unasked(status === 'filtered' ? 'filtered' : 'kernel', result);
      return execveCheckMissing;
    }
  }
  const denied = result === EACCES || result === EPERM;
  return { allowed: denied ? false : null, mechanism, errno: result };
}

function unasked(unsupported: 'kernel' | 'filtered', errno: number): Answer {
  return { allowed: null, mechanism: 'none', errno, unsupported };
}

/**
 * The answer where the kernel has no AT_EXECVE_CHECK: the O_MAYEXEC flag where
 * it has that, else user space's own if the caller wants it, else none.
 */
export function answerWithoutCheck(native: Addon, fd: number, emulate: boolean): Answer {
  const missing = execveCheckMissing ?? unasked('kernel', EINVAL);
  if (native.onNoexecMount(fd) === EBADF) return { allowed: null, mechanism: 'none', errno: EBADF };
  if (probeOMayExec(native).status === 'supported') return askOMayExec(native, fd);
  if (emulate) return emulated(native, fd);
  return missing;
}

/** The errnos by which an open with O_MAYEXEC refuses what a plain one opens. */
export function oMayExecAnswer(result: number): Answer {
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
function askOMayExec(native: Addon, fd: number): Answer {
  const flags =
    constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_MAYEXEC;
  return oMayExecAnswer(
    native.openat2Probe(constants.AT_FDCWD, `/proc/self/fd/${fd}`, BigInt(flags), 0n),
  );
}

/** Mode bits for the effective ids, noexec mount, file type: no security module is heard. */
function emulated(native: Addon, fd: number): Answer {
  const mechanism = 'emulated';
  if (!fstatSync(fd).isFile()) return { allowed: false, mechanism, errno: EACCES };
  const noexec = native.onNoexecMount(fd);
  if (noexec < 0) return { allowed: null, mechanism, errno: noexec };
  if (noexec === 1) return { allowed: false, mechanism, errno: EACCES };
  const access = native.execAccess(fd);
  if (access === 0) return { allowed: true, mechanism };
  return { allowed: access === EACCES ? false : null, mechanism, errno: access };
}

/** Why a file was refused. Asked only after a denial, about the same fd. */
export function denialReason(native: Addon, fd: number): DenialReason {
  const stat = fstatSync(fd);
  if (!stat.isFile()) return 'not-regular';
  if (native.onNoexecMount(fd) === 1) return 'noexec-mount';
  return native.execAccess(fd) === EACCES ? 'mode' : 'security-module';
}

/** The error for a question that could not be put, where its answer would bind. */
export function unsupportedError(answer: Answer): UnsupportedError {
  const errno = answer.errno === undefined ? '' : ` (${describeErrno(answer.errno).code})`;
  return answer.unsupported === 'filtered'
    ? new UnsupportedError(
        'filtered',
        `the execution check is binding, but a seccomp filter refuses execveat with AT_EXECVE_CHECK${errno}: allow execveat in the filter`,
      )
    : new UnsupportedError(
        'kernel',
        `the execution check is binding, but Linux ${kernelRelease()} cannot make it${errno}: it needs Linux 6.14 or newer; emulate: true settles for mode bits and the noexec mount option`,
      );
}
