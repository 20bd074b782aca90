#ifndef MAYEXEC_DEADLY_CALLS_H
#define MAYEXEC_DEADLY_CALLS_H

#include <errno.h>
#include <unistd.h>

/*
 * System calls for which a seccomp filter kills the thread (SECCOMP_RET_KILL_THREAD). The rest of
 * the process would wait for that thread for ever. try_calls.h finds them.
 */

/* Call this only before another thread asks. */
void mayexec_note_deadly(long number);

int mayexec_is_deadly(long number);

/* syscall(2). A call that is deadly fails with EPERM, as where a filter refuses it. */
#define mayexec_syscall(number, ...) \
  (mayexec_is_deadly(number) ? (errno = EPERM, -1L) : syscall(number, __VA_ARGS__))

#endif
