#ifndef MAYEXEC_PROGRAM_FILE_H
#define MAYEXEC_PROGRAM_FILE_H

#include <limits.h>
#include <stdbool.h>

#include "first_line.h"
#include "node_file.h"

/* What a file that execve(2) would be given says about itself. */
struct mayexec_program_file {
  /* Who may execute a file and not read it cannot tell what it is. */
  bool is_unreadable;
  enum mayexec_node_file node;
  /* The dynamic loader of an ELF program; empty when it names none. */
  char loader[PATH_MAX];
  /* Whether it is a script, and then its first line. */
  bool is_script;
  struct mayexec_first_line line;
};

/* Looks into a file. 0, or -errno; -EACCES when nobody can execute it. */
int mayexec_examine(const char *path, struct mayexec_program_file *out);

#endif
