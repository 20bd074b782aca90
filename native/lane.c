#define _GNU_SOURCE
#include "lane.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "deadly_calls.h"
#include "glibc_floor.h"
#include "own_thread.h"

enum {
  CHILD_STACK = 128 * 1024,
  /* A check takes about 15 microseconds. Sleeping and waking takes longer. */
  SPIN_ROUNDS = 4000,
  /*
   * Waking a thread costs more than a check. So a thread that was asked again within this time
   * stays awake for as long after its answer. If nobody asks then, it sleeps.
   */
  SOON_NS = 20000,
  LOOKS_PER_CLOCK = 32,
  /* How often a sleeping caller checks that the thread is still alive. */
  LOOK_NS = 100000000,
};

/* The word that both sides wait on. SLEEPS is added by the side that waits in the kernel. */
enum { STARTING, ASKED, ANSWERED, ENDING, SLEEPS = 8 };

struct mayexec_lane_state {
  pthread_t thread;
  _Atomic int number; /* of the thread; 0 before it runs */
  int spins;
  int in_child; /* a filter forbids unshare: call in a child */
  int (*work)(void *);
  void *arg;
  int result; /* 0 when there is an answer, else -errno */
  int answer;
  int is_awake; /* the asking thread waits awake, and so does the lane */
  int64_t asked_at, answered_at;
  _Atomic uint32_t word;
};

static int64_t now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void futex_wait(_Atomic uint32_t *word, uint32_t value, const struct timespec *timeout) {
  /* Every result means the same: check the word again, as every caller does. */
  (void)syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, timeout, NULL, 0);
}

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* Most callers wait awake. Then this needs no system call. */
static void set(struct mayexec_lane_state *s, uint32_t value) {
  if ((atomic_exchange_explicit(&s->word, value, memory_order_release) & SLEEPS) != 0)
    (void)syscall(SYS_futex, &s->word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

/* Sleeps while the word is the value, with or without SLEEPS. */
static void sleep_on(struct mayexec_lane_state *s, uint32_t value, const struct timespec *timeout) {
  uint32_t awake = value;
  if (atomic_compare_exchange_strong(&s->word, &awake, value | SLEEPS) || awake == (value | SLEEPS))
    futex_wait(&s->word, value | SLEEPS, timeout);
}

static uint32_t word_of(struct mayexec_lane_state *s) {
  return atomic_load_explicit(&s->word, memory_order_acquire) & ~(uint32_t)SLEEPS;
}

/* Waits for the thread's next order, which is not ANSWERED. */
static uint32_t await_order(struct mayexec_lane_state *s, int stays_awake) {
  for (int looks = 1; stays_awake; looks++) {
    if (word_of(s) != ANSWERED) return word_of(s);
    relax();
    if (looks % LOOKS_PER_CLOCK == 0) stays_awake = now() - s->answered_at < SOON_NS;
  }
  for (;;) {
    if (word_of(s) != ANSWERED) return word_of(s);
    sleep_on(s, ANSWERED, NULL);
  }
}

/* 0, or -ECHILD when the thread ended without an answer. */
static int await_answer(struct mayexec_lane_state *s, uint32_t unwanted, int spins) {
  for (;;) {
    if (word_of(s) != unwanted) return 0;
    if (spins-- > 0) {
      relax();
      continue;
    }
    sleep_on(s, unwanted, &(struct timespec){.tv_nsec = LOOK_NS});
    if (mayexec_has_ended(s->thread, s->number)) return -ECHILD;
  }
}

static int call_in_child(void *arg) {
  struct mayexec_lane_state *s = arg;
  s->answer = s->work(s->arg);
  s->result = 0;
  _exit(0);
}

static void run_in_child(struct mayexec_lane_state *s) {
  /* Aligned at both ends: malloc aligns the start, and the size is a multiple. */
  char *stack = malloc(CHILD_STACK);
  s->result = -ENOMEM;
  if (stack == NULL) return;
  s->result = -ECHILD;
  /* No exit signal, so the process's own SIGCHLD handler never sees the child. */
  pid_t pid = clone(call_in_child, stack + CHILD_STACK, CLONE_VM | CLONE_FILES | CLONE_VFORK, s);
  if (pid < 0) s->result = -errno;
  while (pid > 0 && waitpid(pid, NULL, __WALL) < 0 && errno == EINTR) continue;
  free(stack);
}

static void *run_lane(void *arg) {
  struct mayexec_lane_state *s = arg;
  s->number = mayexec_thread_number();
  (void)prctl(PR_SET_NAME, "mayexec-check", 0UL, 0UL, 0UL);
  s->in_child = mayexec_is_deadly(SYS_unshare) || unshare(CLONE_FS) != 0;
  /* The thread's own current directory would keep its mount busy. */
  if (!s->in_child) (void)!chdir("/");
  set(s, ANSWERED);

  for (int stays_awake = 0; await_order(s, stays_awake) == ASKED;) {
    stays_awake = s->is_awake && s->asked_at - s->answered_at < SOON_NS;
    if (s->in_child) {
      run_in_child(s);
    } else {
      s->answer = s->work(s->arg);
      s->result = 0;
    }
    if (s->is_awake) s->answered_at = now();
    set(s, ANSWERED);
  }
  return NULL;
}

int mayexec_lane_start(struct mayexec_lane **started) {
  struct mayexec_lane *lane = calloc(1, sizeof *lane + sizeof *lane->state);
  if (lane == NULL) return -ENOMEM;
  struct mayexec_lane_state *s = lane->state = (struct mayexec_lane_state *)(lane + 1);
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  const int alone = sched_getaffinity(0, sizeof cpus, &cpus) == 0 && CPU_COUNT(&cpus) == 1;
  s->spins = alone ? 0 : SPIN_ROUNDS;

  int result = mayexec_start_thread(&s->thread, run_lane, s);
  if (result == 0) result = await_answer(s, STARTING, 0);
  if (result != 0) {
    free(lane);
    return result;
  }
  *started = lane;
  return 0;
}

int mayexec_lane_run(struct mayexec_lane **lane, int awake, int (*work)(void *), void *arg,
                     int *answer) {
  struct mayexec_lane_state *s = (*lane)->state;
  s->work = work;
  s->arg = arg;
  s->is_awake = awake && s->spins > 0;
  if (s->is_awake) s->asked_at = now();
  set(s, ASKED);
  int result = await_answer(s, ASKED, s->is_awake ? s->spins : 0);
  if (result != 0) {
    free(*lane);
    *lane = NULL;
    return result;
  }
  *answer = s->answer;
  return s->result;
}

void mayexec_lane_end(struct mayexec_lane *lane) {
  set(lane->state, ENDING);
  (void)pthread_join(lane->state->thread, NULL);
  free(lane);
}
