import { constants as fs } from 'node:fs';

/**
 * The numbers of the kernel's interface, under the names of its headers. All are valid on every
 * architecture that Node runs on. The two flags above bit 31 are bigints, and so must be every
 * combination with one of them.
 */
export const constants = Object.freeze({
  O_RDONLY: fs.O_RDONLY,
  O_WRONLY: fs.O_WRONLY,
  O_RDWR: fs.O_RDWR,
  O_CREAT: fs.O_CREAT,
  O_EXCL: fs.O_EXCL,
  O_NOCTTY: fs.O_NOCTTY,
  O_TRUNC: fs.O_TRUNC,
  O_APPEND: fs.O_APPEND,
  O_NONBLOCK: fs.O_NONBLOCK,
  O_SYNC: fs.O_SYNC,
  O_DSYNC: fs.O_DSYNC,
  O_DIRECT: fs.O_DIRECT,
  O_DIRECTORY: fs.O_DIRECTORY,
  O_NOFOLLOW: fs.O_NOFOLLOW,
  O_NOATIME: fs.O_NOATIME,
  O_CLOEXEC: 0o2000000,
  O_PATH: 0o10000000,
  O_TMPFILE: 0o20000000 | fs.O_DIRECTORY,
  /** The flag of the unmerged patch series; `probe().oMayExec` says whether this kernel has it. */
  O_MAYEXEC: 0o40000000,
  /** Open the fd given as `dir` again, with an empty path. Since Linux 7.2. */
  O_EMPTYPATH: 0x4000000,
  /** Open regular files only; fail with EFTYPE for any other. Since Linux 7.2. */
  OPENAT2_REGULAR: 0x1_0000_0000n,

  /** openat2(2), since Linux 5.6. */
  RESOLVE_NO_XDEV: 0x01,
  RESOLVE_NO_MAGICLINKS: 0x02,
  RESOLVE_NO_SYMLINKS: 0x04,
  RESOLVE_BENEATH: 0x08,
  RESOLVE_IN_ROOT: 0x10,
  /** Since Linux 5.12. */
  RESOLVE_CACHED: 0x20,

  AT_FDCWD: -100,
  /** execveat(2), since Linux 6.14. */
  AT_EXECVE_CHECK: 0x10000,

  /** capabilities(7), since Linux 6.14. */
  SECBIT_EXEC_RESTRICT_FILE: 0x100,
  SECBIT_EXEC_RESTRICT_FILE_LOCKED: 0x200,
  SECBIT_EXEC_DENY_INTERACTIVE: 0x400,
  SECBIT_EXEC_DENY_INTERACTIVE_LOCKED: 0x800,
} as const);
