#ifndef MAYEXEC_PROGRAM_FILE_H
#define MAYEXEC_PROGRAM_FILE_H

#include <limits.h>
#include <stdbool.h>

#include "first_line.h"
#include "node_file.h"

/* The properties of a file that execve(2) would get. */
struct mayexec_program_file {
  /* The file may be executed but not read, so its kind is unknown. */
  bool is_unreadable;
  enum mayexec_node_file node;
  /* A Node that does not know --disable-sigusr1. */
  bool is_old_node;
  /* The dynamic loader of an ELF program. Empty when it names none. */
  char loader[PATH_MAX];
  /* Whether it is a script, and then its first line. */
  bool is_script;
  struct mayexec_first_line line;
};

/* Examines a file. 0, or -errno: -EACCES when no user can execute it. */
int mayexec_examine(const char *path, struct mayexec_program_file *out);

#endif
