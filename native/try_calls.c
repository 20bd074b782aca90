#define _GNU_SOURCE
#include "try_calls.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "deadly_calls.h"
#include "exec_check.h"
#include "glibc_floor.h"
#include "own_thread.h"
#include "system_calls.h"

/* A filter sees the number and the arguments. With these no call has an effect on others. */
static const struct {
  long number;
  long arguments[5];
} calls[] = {
    {SYS_prctl, {PR_GET_SECUREBITS}},
    {SYS_execveat, {-1, 0, 0, 0, AT_EMPTY_PATH | AT_EXECVE_CHECK}},
    {SYS_openat2, {-1}},
    {SYS_unshare, {CLONE_FS}},
    {SYS_capget, {0}},
    {SYS_fgetxattr, {-1}},
    {SYS_fstatfs, {-1}},
    {SYS_faccessat2, {-1}},
    {SYS_pidfd_open, {-1}},
    {SYS_landlock_create_ruleset, {0, 0, 1}},
};
enum { CALLS = sizeof calls / sizeof calls[0], SHORT_LOOKS = 100, LOOK_NS = 50000 };

/* What the thread that makes the calls tells the one that waits. */
struct trial {
  unsigned first; /* the index of the first call to try */
  _Atomic int thread;
  _Atomic unsigned made; /* how many of all were made */
};

static void *make_calls(void *arg) {
  struct trial *trial = arg;
  trial->thread = mayexec_thread_number();
  for (unsigned i = trial->first; i < CALLS; i++) {
    const long *a = calls[i].arguments;
    (void)syscall(calls[i].number, a[0], a[1], a[2], a[3], a[4]);
    trial->made = i + 1;
  }
  return NULL;
}

/* Tries the calls from an index on. The index of the one that is deadly, or CALLS. */
static unsigned find_deadly(unsigned first) {
  struct trial trial = {.first = first, .made = first};
  pthread_t thread;
  /* Without a thread nothing is known. */
  if (mayexec_start_thread(&thread, make_calls, &trial) != 0) return CALLS;
  for (int looks = 0; trial.made < CALLS; looks++) {
    if (looks < SHORT_LOOKS) {
      (void)sched_yield();
      continue;
    }
    if (mayexec_has_ended(thread, trial.thread)) return trial.made;
    (void)nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
  }
  (void)pthread_join(thread, NULL);
  return CALLS;
}

/*
 * Whether this thread has no filter. prctl(PR_GET_SECCOMP) may be a deadly call itself. Reading the
 * file takes a tenth of what a thread takes.
 */
static int has_no_filter(void) {
  char status[4096];
  int fd = open("/proc/thread-self/status", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t length = read(fd, status, sizeof status - 1);
  (void)close(fd);
  status[length < 0 ? 0 : length] = '\0';
  return strstr(status, "\nSeccomp:\t0\n") != NULL;
}

static void try_all(void) {
  if (has_no_filter()) return;
  for (unsigned i = find_deadly(0); i < CALLS; i = find_deadly(i + 1))
    mayexec_note_deadly(calls[i].number);
}

void mayexec_try_calls(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  (void)pthread_once(&once, try_all);
}
