#ifndef MAYEXEC_TREE_QUEUE_H
#define MAYEXEC_TREE_QUEUE_H

#include <pthread.h>
#include <stddef.h>

/*
 * The directories that are still to be walked, shared by the threads that walk.
 * Last in, first out: what was found together is walked together.
 */
struct mayexec_tree_queue {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  char **paths;
  size_t count;
  size_t capacity;
  size_t waiting; /* threads that have nothing to do */
  size_t working; /* directories taken and not done yet */
  int error;      /* the first that ends the walk */
};

/* 0, or -errno; empty then, and to be closed. */
int mayexec_tree_queue_open(struct mayexec_tree_queue *queue);

/* Adds a copy of a path. Stops the queue when there is no memory for it. */
void mayexec_tree_queue_add(struct mayexec_tree_queue *queue, const char *path);

/*
 * A path, which the caller frees, or NULL when all are done or the queue was
 * stopped. Waits while other threads may still add some.
 */
char *mayexec_tree_queue_take(struct mayexec_tree_queue *queue);

/* Says that what was taken has been walked. */
void mayexec_tree_queue_done(struct mayexec_tree_queue *queue);

/* Ends the walk; the first error counts. */
void mayexec_tree_queue_stop(struct mayexec_tree_queue *queue, int error);

/* Frees it, when no thread uses it any more. The error that stopped it, or 0. */
int mayexec_tree_queue_close(struct mayexec_tree_queue *queue);

#endif
