#ifndef MAYEXEC_LANDLOCK_H
#define MAYEXEC_LANDLOCK_H

#include <stddef.h>

/*
 * Landlock (landlock(7), Linux 5.13) as an execution policy that needs no privilege.
 * Afterwards only files beneath the named directories can be executed, and only those pass
 * the exec check.
 */

/*
 * The kernel's Landlock ABI, 1 or more. -ENOSYS without Landlock, -EOPNOTSUPP when it is
 * not enabled at boot, or the error of a seccomp filter.
 */
int mayexec_landlock_abi(void);

/* The bits that mayexec_landlock_restrict_exec returns. */
enum {
  MAYEXEC_NO_NEW_PRIVS = 1, /* had to be set */
  MAYEXEC_ALL_THREADS = 2,  /* of the process are restricted, those included that run already */
};

/*
 * Restricts the calling thread (from ABI 8 on every thread of the process), and what it
 * starts from now on. Only the open files and directories (O_PATH will do), and what is
 * beneath them, can be executed. This cannot be undone. A second call can only narrow it.
 *
 * The thread gets no_new_privs where it lacks CAP_SYS_ADMIN. Nothing else is restricted.
 * `root`, an fd of "/", keeps renames between directories possible, which any Landlock
 * domain otherwise forbids (since ABI 2).
 *
 * The kernel logs refusals (from ABI 7 on), also after an execve.
 *
 * Returns the bits above, or -errno: -E2BIG after 16 restrictions.
 */
int mayexec_landlock_restrict_exec(int root, const int *allowed, size_t count);

#endif
