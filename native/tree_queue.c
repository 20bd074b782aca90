#define _GNU_SOURCE
#include "tree_queue.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

/* A mutex of the default kind, which is held as it should be, cannot fail to lock. */
static void lock(struct mayexec_tree_queue *q) { (void)pthread_mutex_lock(&q->lock); }
static void unlock(struct mayexec_tree_queue *q) { (void)pthread_mutex_unlock(&q->lock); }

int mayexec_tree_queue_open(struct mayexec_tree_queue *q) {
  memset(q, 0, sizeof *q);
  int error = pthread_mutex_init(&q->lock, NULL);
  if (error != 0) return -error;
  error = pthread_cond_init(&q->changed, NULL);
  if (error != 0) (void)pthread_mutex_destroy(&q->lock);
  return -error;
}

static void stop(struct mayexec_tree_queue *q, int error) {
  if (q->error == 0) q->error = error;
  (void)pthread_cond_broadcast(&q->changed);
}

static int make_room(struct mayexec_tree_queue *q) {
  if (q->count < q->capacity) return 0;
  size_t capacity = q->capacity == 0 ? FIRST_CAPACITY : q->capacity * 2;
  if (capacity > SIZE_MAX / sizeof *q->paths) return -ENOMEM;
  char **paths = realloc(q->paths, capacity * sizeof *paths);
  if (paths == NULL) return -ENOMEM;
  q->paths = paths;
  q->capacity = capacity;
  return 0;
}

void mayexec_tree_queue_add(struct mayexec_tree_queue *q, const char *path) {
  char *copy = strdup(path);
  lock(q);
  if (copy == NULL || make_room(q) != 0) {
    free(copy);
    stop(q, -ENOMEM);
  } else {
    q->paths[q->count++] = copy;
    if (q->waiting > 0) (void)pthread_cond_signal(&q->changed);
  }
  unlock(q);
}

char *mayexec_tree_queue_take(struct mayexec_tree_queue *q) {
  char *path = NULL;
  lock(q);
  while (q->error == 0 && q->count == 0 && q->working > 0) {
    q->waiting++;
    (void)pthread_cond_wait(&q->changed, &q->lock);
    q->waiting--;
  }
  if (q->error == 0 && q->count > 0) {
    path = q->paths[--q->count];
    q->working++;
  }
  unlock(q);
  return path;
}

void mayexec_tree_queue_done(struct mayexec_tree_queue *q) {
  lock(q);
  q->working--;
  if (q->working == 0 && q->count == 0) (void)pthread_cond_broadcast(&q->changed);
  unlock(q);
}

void mayexec_tree_queue_stop(struct mayexec_tree_queue *q, int error) {
  lock(q);
  stop(q, error);
  unlock(q);
}

int mayexec_tree_queue_close(struct mayexec_tree_queue *q) {
  while (q->count > 0) free(q->paths[--q->count]);
  free(q->paths);
  (void)pthread_cond_destroy(&q->changed);
  (void)pthread_mutex_destroy(&q->lock);
  return q->error;
}
