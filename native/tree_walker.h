#ifndef MAYEXEC_TREE_WALKER_H
#define MAYEXEC_TREE_WALKER_H

#include <limits.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdint.h>

#include "checker.h"
#include "tree_queue.h"
#include "tree_records.h"

/* What the threads of a walk share. */
struct mayexec_tree_shared {
  int root;
  int what;
  struct mayexec_checker *checker;
  struct mayexec_tree_queue queue;
};

/* What each of them has of its own. */
struct mayexec_tree_walker {
  struct mayexec_tree_shared *tree;
  pthread_t thread;
  int own_fs;   /* whether this thread may make checks itself: exec_check.h */
  int stopping; /* whether it has ended the walk */
  struct mayexec_tree_records records;

  /* Of the directory being walked. */
  int dir;
  int noexec;              /* whether it is on a noexec mount */
  size_t directory_length; /* of its path in `path`, without a '/' behind it */
  size_t package_length;   /* of the path of the package that it is in by its name; 0: in none */
  uint32_t found, files, code;

  char path[PATH_MAX];
  alignas(uint64_t) char entries[64 * 1024];
};

/*
 * Looks at each file of a directory, given by its path beneath the root, and
 * adds the directories in it to the queue. An error that ends the walk stops the
 * queue; whatever else goes wrong is a record.
 */
void mayexec_tree_walk_directory(struct mayexec_tree_walker *walker, const char *path);

#endif
