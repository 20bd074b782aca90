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

/** What stays executable. */
export interface RestrictExecOptions {
  /** Files, and directories with all that is beneath them. Empty: nothing can be executed. */
  allow: readonly PathLike[];
}

/** What is really in force now. */
export interface ExecRestriction {
  /** The Landlock ABI of the kernel. */
  abi: number;
  /** Whether no_new_privs had to be set: setuid programs gain nothing any more. */
  noNewPrivs: boolean;
  /** Whether the threads that ran already are restricted too: Linux 7.0 and newer (ABI 8). */
  allThreads: boolean;
}

const names: Names<RestrictExecOptions> = { allow: true };

/** Bits of landlockRestrictExec. */
const NO_NEW_PRIVS = 1;
const ALL_THREADS = 2;

/**
 * Restricts execution to the named files and directories, for the calling thread
 * and all that it starts from now on: execve(2) of programs, and the exec check
 * of scripts, whose verdict elsewhere is `security-module`. It cannot be taken
 * back; a second call can only narrow it. Needs no privilege.
 *
 * To start programs, allow what they consist of: for Node itself process.execPath
 * and the dynamic loader (/lib, /lib64). Shared objects that are mapped and not
 * executed, such as .node addons in process.dlopen, are not Landlock's business:
 * check those with openMayExec. Reading, writing and renaming stay possible,
 * except that no file can be moved or linked from outside to where it could then
 * be executed, and that mounts cannot be changed any more.
 *
 * A Landlock domain belongs to a thread. Before Linux 7.0 threads that run already
 * keep their freedom: Workers started before, and libuv's pool if it has been used.
 * Checks that mayexec makes for this thread are restricted all the same, by the
 * preload and by every copy of this package, promises included. From 7.0 on all
 * threads of the process are restricted; `allThreads` says so. So call it first thing
 * on the main thread; a process that is to be restricted as a whole on an older
 * kernel is started by a restricted one.
 *
 * Since Linux 5.13; landlock(7), landlock_restrict_self(2). Throws
 * UnsupportedError where Landlock is missing, not enabled or filtered,
 * a SyscallError by errno when a path cannot be opened (nothing is restricted
 * then) or after 16 restrictions (E2BIG), and node:fs's TypeError.
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
    'this thread is under 16 Landlock restrictions already, its own and those of what started it, and the kernel takes no more. Name everything in one call of restrictExec',
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
