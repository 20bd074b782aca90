import { closeSync } from 'node:fs';

import { addon, type Addon } from './addon.js';
import { invalidArgType, toOptions, toPath, type PathLike } from './arguments.js';
import { constants } from './constants.js';
import { describeErrno, EOPNOTSUPP, EPERM } from './errno.js';
import { syscallError, UnsupportedError } from './errors.js';
import { kernelRelease } from './kernel-release.js';
import { openat2Sync } from './openat2.js';

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
}

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
 * A Landlock domain belongs to a thread, not to the process. Threads that run
 * already keep their freedom: Workers started before, and libuv's pool if it has
 * been used. Checks that mayexec makes for this thread, promises included, are
 * restricted all the same, but where a seccomp filter forbids unshare(2) only the
 * synchronous ones are. So call it first thing on the main thread; a process that
 * is to be restricted as a whole is started by a restricted one.
 *
 * Since Linux 5.13; landlock(7), landlock_restrict_self(2). Throws
 * UnsupportedError where Landlock is missing, not enabled or filtered,
 * a SyscallError by errno when a path cannot be opened (nothing is restricted
 * then) or after 16 restrictions (E2BIG), and node:fs's TypeError.
 */
export function restrictExec(options: RestrictExecOptions): ExecRestriction {
  const { allow } = toOptions(options);
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
    if (result < 0) throw syscallError(result, 'landlock_restrict_self', {});
    restartChecker(native);
    return { abi, noNewPrivs: result === 1 };
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}

/** The thread that makes the checks is older than the restriction, and must not outlive it. */
function restartChecker(native: Addon): void {
  const result = native.restartChecker();
  if (result < 0) throw syscallError(result, 'clone', {});
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
