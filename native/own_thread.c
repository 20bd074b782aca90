#define _GNU_SOURCE
#include "own_thread.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "glibc_floor.h"

enum { STACK_SIZE = 128 * 1024 };

/* Blocks all signals, except those that the thread itself causes and a filter's SIGSYS. */
static void block_signals(sigset_t *before) {
  static const int own[] = {SIGSYS, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  sigset_t blocked;
  (void)sigfillset(&blocked);
  for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) (void)sigdelset(&blocked, own[i]);
  (void)pthread_sigmask(SIG_SETMASK, &blocked, before);
}

/* Uses a small stack where the process's thread-local data leaves room on it. */
static int create(pthread_t *thread, void *(*run)(void *), void *arg) {
  pthread_attr_t attr;
  int error = pthread_attr_init(&attr);
  if (error != 0) return -error;
  error = pthread_attr_setstacksize(&attr, STACK_SIZE);
  if (error == 0) error = pthread_create(thread, &attr, run, arg);
  if (error == EINVAL) error = pthread_create(thread, NULL, run, arg);
  (void)pthread_attr_destroy(&attr);
  return -error;
}

int mayexec_start_thread(pthread_t *thread, void *(*run)(void *), void *arg) {
  sigset_t before;
  block_signals(&before);
  int result = create(thread, run, arg);
  (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  return result;
}

int mayexec_thread_number(void) { return (int)syscall(SYS_gettid); }

int mayexec_has_ended(pthread_t thread, int number) {
  if (pthread_tryjoin_np(thread, NULL) == 0) return 1;
  return number != 0 && syscall(SYS_tgkill, getpid(), number, 0) != 0 && errno == ESRCH;
}
