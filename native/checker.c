#define _GNU_SOURCE
#include "checker.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "exec_check.h"
#include "glibc_floor.h"

enum {
  STACK_SIZE = 128 * 1024,
  /* A check takes some 15 microseconds, less than sleeping and waking does. */
  SPIN_ROUNDS = 4000,
  BUSY_TRIES = 6,
};

/* The word that both sides wait on. */
enum { IDLE, ASKED, ANSWERED, ENDING };

struct mayexec_checker {
  pthread_mutex_t turn; /* held for a whole question and its answer */
  pthread_t thread;
  int running;
  int in_child; /* unshare is forbidden: check in a child */
  int spins;
  int (*work)(void *);
  void *arg;
  int answer;
  _Atomic uint32_t word;
};

static void futex_wait(_Atomic uint32_t *word, uint32_t value) {
  /* EAGAIN and EINTR only mean: look at the word again, as every caller does. */
  (void)syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void futex_wake(_Atomic uint32_t *word) {
  (void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void set(struct mayexec_checker *c, uint32_t value) {
  atomic_store_explicit(&c->word, value, memory_order_release);
  futex_wake(&c->word);
}

/* Returns the first value of the word that is not `unwanted`. */
static uint32_t await_change(struct mayexec_checker *c, uint32_t unwanted, int spins) {
  for (;;) {
    uint32_t value = atomic_load_explicit(&c->word, memory_order_acquire);
    if (value != unwanted) return value;
    if (spins-- > 0)
      relax();
    else
      futex_wait(&c->word, unwanted);
  }
}

static void *check_thread(void *arg) {
  struct mayexec_checker *c = arg;
  (void)prctl(PR_SET_NAME, "mayexec-check", 0UL, 0UL, 0UL);

  int left = unshare(CLONE_FS) == 0;
  /* The private copy of the current directory would keep its mount busy. */
  if (left) (void)!chdir("/");
  c->answer = left ? 0 : -errno;
  set(c, ANSWERED);

  while (left) {
    uint32_t value = await_change(c, ANSWERED, 0);
    if (value == ASKED) {
      c->answer = c->work(c->arg);
      set(c, ANSWERED);
    } else if (value == ENDING) {
      break;
    }
  }
  return NULL;
}

/* With every signal blocked, so that none of the process's handlers runs there. */
static int start_thread(struct mayexec_checker *c) {
  pthread_attr_t attr;
  int error = pthread_attr_init(&attr);
  if (error != 0) return -error;
  error = pthread_attr_setstacksize(&attr, STACK_SIZE);
  if (error == 0) {
    sigset_t all, before;
    (void)sigfillset(&all);
    error = pthread_sigmask(SIG_SETMASK, &all, &before);
    if (error == 0) {
      error = pthread_create(&c->thread, &attr, check_thread, c);
      (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
  }
  (void)pthread_attr_destroy(&attr);
  return -error;
}

static void end_thread(struct mayexec_checker *c) {
  if (!c->running) return;
  set(c, ENDING);
  (void)pthread_join(c->thread, NULL);
  c->running = 0;
}

/* 0 once the thread runs on an fs_struct of its own, or in_child is decided. */
static int ensure_started(struct mayexec_checker *c) {
  if (c->running || c->in_child) return 0;
  atomic_store_explicit(&c->word, IDLE, memory_order_relaxed);
  int result = start_thread(c);
  if (result != 0) return result;
  (void)await_change(c, IDLE, 0);
  if (c->answer != 0) {
    (void)pthread_join(c->thread, NULL);
    c->in_child = 1;
    return 0;
  }
  c->running = 1;
  return 0;
}

static int ask_thread(struct mayexec_checker *c) {
  set(c, ASKED);
  (void)await_change(c, ASKED, c->spins);
  return c->answer;
}

static int check_in_child(void *arg) {
  struct mayexec_checker *c = arg;
  c->answer = c->work(c->arg);
  _exit(0);
}

static int ask_child(struct mayexec_checker *c) {
  /* Aligned at both ends: malloc aligns the one, the size is a multiple. */
  char *stack = malloc(STACK_SIZE);
  if (stack == NULL) return -ENOMEM;
  c->answer = -ECHILD;

  sigset_t all, before;
  (void)sigfillset(&all);
  int result = -pthread_sigmask(SIG_SETMASK, &all, &before);
  if (result == 0) {
    /* No exit signal: the process's own SIGCHLD handling never hears of it. */
    pid_t pid = clone(check_in_child, stack + STACK_SIZE, CLONE_VM | CLONE_FILES | CLONE_VFORK, c);
    if (pid < 0) {
      result = -errno;
    } else {
      while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR) continue;
      result = c->answer;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  free(stack);
  return result;
}

int mayexec_checker_run(struct mayexec_checker *c, int (*work)(void *), void *arg) {
  int result = pthread_mutex_lock(&c->turn);
  if (result != 0) return -result;
  result = ensure_started(c);
  c->work = work;
  c->arg = arg;
  if (result == 0) result = c->in_child ? ask_child(c) : ask_thread(c);
  (void)pthread_mutex_unlock(&c->turn);
  return result;
}

struct question {
  int fd;
  const char *name;
};

static int check_one(void *arg) {
  const struct question *question = arg;
  return mayexec_exec_check(question->fd, question->name);
}

/* With c == NULL on this thread. */
static int check_patiently(struct mayexec_checker *c, int fd, const char *name) {
  struct question question = {fd, name};
  long wait_ns = 150000;
  for (int tries = BUSY_TRIES;;) {
    int result = c == NULL ? check_one(&question) : mayexec_checker_run(c, check_one, &question);
    if (result != -ETXTBSY || --tries == 0) return result;
    (void)nanosleep(&(struct timespec){.tv_nsec = wait_ns}, NULL);
    wait_ns *= 2;
  }
}

int mayexec_checker_check(struct mayexec_checker *c, int fd, const char *name) {
  return check_patiently(c, fd, name);
}

int mayexec_check_here(int fd, const char *name) { return check_patiently(NULL, fd, name); }

int mayexec_checker_open(struct mayexec_checker **checker) {
  struct mayexec_checker *c = calloc(1, sizeof *c);
  if (c == NULL) return -ENOMEM;
  int error = pthread_mutex_init(&c->turn, NULL);
  if (error != 0) {
    free(c);
    return -error;
  }
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  int alone = sched_getaffinity(0, sizeof cpus, &cpus) == 0 && CPU_COUNT(&cpus) == 1;
  c->spins = alone ? 0 : SPIN_ROUNDS;
  *checker = c;
  return 0;
}

int mayexec_checker_restart(struct mayexec_checker *c) {
  int result = pthread_mutex_lock(&c->turn);
  if (result != 0) return -result;
  end_thread(c);
  /* Before the lock is free: else a question from an older thread could start it. */
  result = ensure_started(c);
  (void)pthread_mutex_unlock(&c->turn);
  return result;
}

void mayexec_checker_close(struct mayexec_checker *c) {
  end_thread(c);
  (void)pthread_mutex_destroy(&c->turn);
  free(c);
}
