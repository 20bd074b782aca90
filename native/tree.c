#define _GNU_SOURCE
#include "tree.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "glibc_floor.h"
#include "tree_walker.h"

enum {
  /* The kernel makes the checks that it allows one at a time for a process. */
  MAX_THREADS = 4,
  STACK_SIZE = 256 * 1024,
  /* Of records that a thread gathers before it hands them over. */
  PIECE = 16 * 1024,
};

/* One walk at a time, so that its counters can be read without a handle. */
static atomic_flag busy = ATOMIC_FLAG_INIT;
static struct { _Atomic uint32_t directories, walked, files, code; } progress;

/* What the threads have handed over, and nobody has taken yet. */
static pthread_mutex_t ready_lock = PTHREAD_MUTEX_INITIALIZER;
static struct mayexec_tree_records ready = {.last = SIZE_MAX};

static int hand_over(struct mayexec_tree_walker *w) {
  (void)pthread_mutex_lock(&ready_lock);
  int error = mayexec_tree_join_records(&ready, &w->records);
  (void)pthread_mutex_unlock(&ready_lock);
  return error;
}

static struct mayexec_tree_records take(void) {
  (void)pthread_mutex_lock(&ready_lock);
  struct mayexec_tree_records taken = ready;
  ready = MAYEXEC_TREE_NO_RECORDS;
  (void)pthread_mutex_unlock(&ready_lock);
  return taken;
}

static void count(_Atomic uint32_t *counter, uint32_t more) {
  (void)atomic_fetch_add_explicit(counter, more, memory_order_relaxed);
}

/* On a thread that has left the process's fs_struct, where checks hurt nobody. */
static void *walk_thread(void *arg) {
  struct mayexec_tree_walker *w = arg;
  (void)prctl(PR_SET_NAME, "mayexec-walk", 0UL, 0UL, 0UL);
  w->own_fs = unshare(CLONE_FS) == 0;
  for (;;) {
    char *path = mayexec_tree_queue_take(&w->tree->queue);
    if (path == NULL) break;
    mayexec_tree_walk_directory(w, path);
    if (w->records.length >= PIECE && hand_over(w) != 0)
      mayexec_tree_queue_stop(&w->tree->queue, -ENOMEM);
    count(&progress.directories, w->found);
    count(&progress.files, w->files);
    count(&progress.code, w->code);
    count(&progress.walked, 1);
    mayexec_tree_queue_done(&w->tree->queue);
    free(path);
  }
  if (hand_over(w) != 0) mayexec_tree_queue_stop(&w->tree->queue, -ENOMEM);
  return NULL;
}

/* With every signal blocked, so that none of the process's handlers runs there. */
static int start_thread(struct mayexec_tree_walker *w) {
  pthread_attr_t attr;
  int error = pthread_attr_init(&attr);
  if (error != 0) return -error;
  error = pthread_attr_setstacksize(&attr, STACK_SIZE);
  sigset_t all, before;
  (void)sigfillset(&all);
  if (error == 0) error = pthread_sigmask(SIG_SETMASK, &all, &before);
  if (error == 0) {
    error = pthread_create(&w->thread, &attr, walk_thread, w);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  (void)pthread_attr_destroy(&attr);
  return -error;
}

static int processors(void) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  if (sched_getaffinity(0, sizeof cpus, &cpus) != 0) return 1;
  int n = CPU_COUNT(&cpus);
  return n < MAX_THREADS ? n : MAX_THREADS;
}

/* Starts walkers and waits for them. 0 when at least one ran. */
static int walk_with(struct mayexec_tree_shared *tree, struct mayexec_tree_walker **walkers,
                     int wanted) {
  int error = 0;
  int running = 0;
  for (; running < wanted && error == 0; running += error == 0) {
    struct mayexec_tree_walker *w = calloc(1, sizeof *w);
    if (w == NULL) {
      error = -ENOMEM;
      break;
    }
    w->tree = tree;
    w->records = MAYEXEC_TREE_NO_RECORDS;
    error = start_thread(w);
    if (error == 0)
      walkers[running] = w;
    else
      free(w);
  }
  for (int i = 0; i < running; i++) (void)pthread_join(walkers[i]->thread, NULL);
  /* One can do it all. */
  return running > 0 ? 0 : error;
}

static int walk(int root, int what) {
  struct mayexec_tree_shared tree = {.root = root, .what = what};
  struct mayexec_tree_walker *walkers[MAX_THREADS] = {NULL};
  int error = mayexec_checker_open(&tree.checker);
  if (error != 0) return error;
  error = mayexec_tree_queue_open(&tree.queue);
  if (error == 0) {
    count(&progress.directories, 1);
    mayexec_tree_queue_add(&tree.queue, "");
    error = walk_with(&tree, walkers, processors());
    int stopped = mayexec_tree_queue_close(&tree.queue);
    if (error == 0) error = stopped;
  }
  mayexec_checker_close(tree.checker);
  for (int i = 0; i < MAX_THREADS && walkers[i] != NULL; i++) {
    mayexec_tree_free_records(&walkers[i]->records);
    free(walkers[i]);
  }
  return error;
}

int mayexec_tree_walk(int root, int what, uint8_t **bytes, size_t *length) {
  if (atomic_flag_test_and_set(&busy)) return -EBUSY;
  progress.directories = progress.walked = progress.files = progress.code = 0;
  /* Of a walk before that failed, or that nobody asked. */
  struct mayexec_tree_records records = take();
  mayexec_tree_free_records(&records);
  int error = walk(root, what);
  records = take();
  if (error == 0) {
    *bytes = records.bytes;
    *length = records.length;
  } else {
    mayexec_tree_free_records(&records);
  }
  atomic_flag_clear(&busy);
  return error;
}

size_t mayexec_tree_take(uint8_t **bytes) {
  struct mayexec_tree_records records = take();
  *bytes = records.bytes;
  return records.length;
}

struct mayexec_tree_progress mayexec_tree_get_progress(void) {
  return (struct mayexec_tree_progress){
      .directories = progress.directories,
      .walked = progress.walked,
      .files = progress.files,
      .code = progress.code,
  };
}
