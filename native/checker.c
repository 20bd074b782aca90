#define _GNU_SOURCE
#include "checker.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#include "exec_check.h"
#include "glibc_floor.h"
#include "lane.h"
#include "restrictions.h"

enum {
  BUSY_TRIES = 6,
  /* libuv's default. The pool never has more checks in progress than it has threads. */
  DEFAULT_POOL = 4,
  LARGEST_POOL = 1024,
};

struct mayexec_checker {
  pthread_mutex_t lock;
  pthread_cond_t given_back;
  struct mayexec_lane *idle;
  int lanes;    /* idle ones, and those at work */
  int reserved; /* questions that other threads will ask */
  int pool;
};

/* With the lock held. An older lane has the credentials from before a restriction. */
static void end_older(struct mayexec_checker *c) {
  const unsigned now = mayexec_restrictions();
  struct mayexec_lane **link = &c->idle;
  while (*link != NULL) {
    struct mayexec_lane *lane = *link;
    if (lane->restrictions == now) {
      link = &lane->next;
      continue;
    }
    *link = lane->next;
    mayexec_lane_end(lane);
    c->lanes--;
  }
}

/* With the lock held, on the owner's thread. 0, or -errno. */
static int start_one(struct mayexec_checker *c) {
  struct mayexec_lane *lane = NULL;
  const unsigned restrictions = mayexec_restrictions();
  int error = mayexec_lane_start(&lane);
  if (error != 0) return error;
  lane->restrictions = restrictions;
  lane->next = c->idle;
  c->idle = lane;
  c->lanes++;
  return 0;
}

/* With the lock, on the owner's thread. */
static void provide(struct mayexec_checker *c) {
  end_older(c);
  const int wanted = c->reserved < c->pool ? c->reserved : c->pool;
  while (c->lanes < wanted && start_one(c) == 0) continue;
  (void)pthread_cond_broadcast(&c->given_back);
}

/* Takes an idle lane for the caller alone. 0, or -errno. */
static int take(struct mayexec_checker *c, enum mayexec_asker asker, struct mayexec_lane **taken) {
  int error = pthread_mutex_lock(&c->lock);
  if (error != 0) return -error;
  int result = 0;
  for (;;) {
    end_older(c);
    if (c->idle == NULL && asker == MAYEXEC_OWNER) result = start_one(c);
    if (result != 0 || c->idle != NULL) break;
    result = c->lanes > 0 ? -pthread_cond_wait(&c->given_back, &c->lock) : -EAGAIN;
    if (result != 0) break;
  }
  if (result == 0) {
    *taken = c->idle;
    c->idle = (*taken)->next;
  }
  (void)pthread_mutex_unlock(&c->lock);
  return result;
}

static void give_back(struct mayexec_checker *c, struct mayexec_lane *lane) {
  (void)pthread_mutex_lock(&c->lock);
  if (lane == NULL) {
    c->lanes--;
  } else {
    lane->next = c->idle;
    c->idle = lane;
  }
  (void)pthread_cond_broadcast(&c->given_back);
  (void)pthread_mutex_unlock(&c->lock);
}

int mayexec_checker_run(struct mayexec_checker *c, enum mayexec_asker asker, int (*work)(void *),
                        void *arg) {
  struct mayexec_lane *lane = NULL;
  int result = take(c, asker, &lane);
  if (result != 0) return MAYEXEC_UNASKED(result);
  int answer = 0;
  result = mayexec_lane_run(&lane, asker == MAYEXEC_OWNER, work, arg, &answer);
  give_back(c, lane);
  return result == 0 ? answer : MAYEXEC_UNASKED(result);
}

struct question {
  int fd;
  const char *name;
};

static int check_one(void *arg) {
  const struct question *question = arg;
  return mayexec_exec_check(question->fd, question->name);
}

/* When c is NULL, the check runs on this thread. */
static int check_patiently(struct mayexec_checker *c, enum mayexec_asker asker,
                           struct question *question) {
  long wait_ns = 150000;
  for (int tries = BUSY_TRIES;;) {
    int result =
        c == NULL ? check_one(question) : mayexec_checker_run(c, asker, check_one, question);
    if (result != -ETXTBSY || --tries == 0) return result;
    (void)nanosleep(&(struct timespec){.tv_nsec = wait_ns}, NULL);
    wait_ns *= 2;
  }
}

int mayexec_checker_check(struct mayexec_checker *c, enum mayexec_asker asker, int fd,
                          const char *name) {
  return check_patiently(c, asker, &(struct question){fd, name});
}

int mayexec_check_here(int fd, const char *name) {
  return check_patiently(NULL, MAYEXEC_OWNER, &(struct question){fd, name});
}

void mayexec_checker_reserve(struct mayexec_checker *c) {
  (void)pthread_mutex_lock(&c->lock);
  c->reserved++;
  provide(c);
  (void)pthread_mutex_unlock(&c->lock);
}

void mayexec_checker_unreserve(struct mayexec_checker *c) {
  (void)pthread_mutex_lock(&c->lock);
  c->reserved--;
  (void)pthread_mutex_unlock(&c->lock);
}

void mayexec_checker_renew(struct mayexec_checker *c) {
  (void)pthread_mutex_lock(&c->lock);
  provide(c);
  (void)pthread_mutex_unlock(&c->lock);
}

static int pool_size(void) {
  /* Read when the addon is loaded, as libuv reads it. NOLINTNEXTLINE(concurrency-mt-unsafe) */
  const char *given = getenv("UV_THREADPOOL_SIZE");
  const long size = given == NULL ? DEFAULT_POOL : strtol(given, NULL, 10);
  if (size < 1) return 1;
  return size > LARGEST_POOL ? LARGEST_POOL : (int)size;
}

int mayexec_checker_open(struct mayexec_checker **checker) {
  struct mayexec_checker *c = calloc(1, sizeof *c);
  if (c == NULL) return -ENOMEM;
  int error = pthread_mutex_init(&c->lock, NULL);
  if (error == 0) {
    error = pthread_cond_init(&c->given_back, NULL);
    if (error != 0) (void)pthread_mutex_destroy(&c->lock);
  }
  if (error != 0) {
    free(c);
    return -error;
  }
  c->pool = pool_size();
  *checker = c;
  return 0;
}

void mayexec_checker_close(struct mayexec_checker *c) {
  while (c->idle != NULL) {
    struct mayexec_lane *lane = c->idle;
    c->idle = lane->next;
    mayexec_lane_end(lane);
  }
  (void)pthread_cond_destroy(&c->given_back);
  (void)pthread_mutex_destroy(&c->lock);
  free(c);
}
