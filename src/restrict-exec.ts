import { closeSync } from 'node:fs';

import { addon } from './addon.js';
import { invalidArgType, toOptions, toPath, type Names, type PathLike } from './arguments.js';
import { constants } from './constants.js';
import { describeErrno, E2BIG, EOPNOTSUPP, EPERM } from './errno.js';
import {
  InvalidArgumentError,
  syscallError,
  UnsupportedError,
  type SyscallError,
} from './errors.js';
import { kernelRelease } from './kernel-release.js';
import { openat2Sync } from './openat2.js';

/** What may still be executed. */
export interface RestrictExecOptions {
  /**
   * Files, and directories with everything beneath them. With an empty list nothing can be
   * executed.
   */
  allow: readonly PathLike[];
}

/** The restriction that is in force now. */
export interface ExecRestriction {
  /** The Landlock ABI of the kernel. */
  abi: number;
  /** Whether no_new_privs had to be set. Setuid programs then gain no privileges. */
  noNewPrivs: boolean;
  /** Whether the threads that already ran are restricted too: Linux 7.0 and newer (ABI 8). */
  allThreads: boolean;
}

const names: Names<RestrictExecOptions> = { allow: true };

/** Bits of landlockRestrictExec's result. */
const NO_NEW_PRIVS = 1;
const ALL_THREADS = 2;

/**
 * Restricts execution to the named files and directories, for the calling thread and everything
 * that it starts from now on. It covers execve(2) of programs and the exec check of scripts, which
 * is denied elsewhere with reason `security-module`. It cannot be undone, and a second call can
 * only narrow it. It needs no privilege.
 *
 * To start a program, allow all of its files: for Node these are process.execPath and the dynamic
 * loader (/lib, /lib64). Landlock does not restrict shared objects that are only mapped, such as
 * .node addons in process.dlopen: check them with openMayExec. Files can still be read, written and
 * renamed. But no file can be moved or linked into an allowed directory from outside, and mounts
 * cannot be changed.
 *
 * A Landlock domain belongs to a thread. Before Linux 7.0 threads that already run stay
 * unrestricted: earlier Workers, and libuv's pool if it has been used. The checks that mayexec
 * makes for this thread are restricted nevertheless, in the preload, in every copy of this package
 * and in the promise forms. From 7.0 on all threads of the process are restricted, and `allThreads`
 * is true. So call it first on the main thread. On an older kernel, start the process from a
 * restricted one to restrict it as a whole.
 *
 * Since Linux 5.13; landlock(7), landlock_restrict_self(2). Throws UnsupportedError when Landlock
 * is missing, not enabled or filtered. Throws a SyscallError by errno when a path cannot be opened
 * (nothing is restricted then) or after 16 restrictions (E2BIG), and node:fs's TypeError.
 */
export function restrictExec(options: RestrictExecOptions): ExecRestriction {
  const { allow } = toOptions(options, names);
  if (!Array.isArray(allow)) throw invalidArgType('options.allow', 'an instance of Array', allow);
  const paths = (allow as readonly PathLike[]).map(toPath);
  const native = addon();
  const abi = native.landlockAbi();
  if (abi < 0) throw unsupported(abi);

  const fds: number[] = [];
  try {
    const open = (path: PathLike): number => {
      const fd = openat2Sync(path, { flags: constants.O_PATH });
      fds.push(fd);
      return fd;
    };
    const root = open('/');
    const result = native.landlockRestrictExec(root, paths.map(open));
    if (result < 0) throw refused(result);
    return {
      abi,
      noNewPrivs: (result & NO_NEW_PRIVS) !== 0,
      allThreads: (result & ALL_THREADS) !== 0,
    };
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}

function refused(errno: number): SyscallError {
  if (errno !== E2BIG) return syscallError(errno, 'landlock_restrict_self', {});
  return new InvalidArgumentError(
    errno,
    'landlock_restrict_self',
    {},
    'this thread already has 16 Landlock restrictions, its own and inherited ones, and the kernel takes no more. Name everything in one call of restrictExec',
  );
}

function unsupported(errno: number): UnsupportedError {
  const { code } = describeErrno(errno);
  const cause = syscallError(errno, 'landlock_create_ruleset', {});
  if (errno === EPERM) {
    return new UnsupportedError(
      'filtered',
      `Landlock is refused by a seccomp filter (${code}): allow the landlock_* calls in it`,
      { cause },
    );
  }
  return new UnsupportedError(
    'kernel',
    errno === EOPNOTSUPP
      ? `Linux ${kernelRelease()} has Landlock, but it is not enabled (${code}): add landlock to the lsm= boot parameter`
      : `Landlock needs Linux 5.13 or newer with CONFIG_SECURITY_LANDLOCK, and this is ${kernelRelease()} (${code})`,
    { cause },
  );
}
