#ifndef MAYEXEC_RUN_ARGUMENTS_H
#define MAYEXEC_RUN_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "strictness.h"

struct arguments {
  bool lock;
  bool quiet;
  /* The securebit of --only, or 0: both are set. */
  unsigned only;
  /* Node is left as it is: only an interpreter that asks by itself obeys. */
  bool no_preload;
  /* Nothing is refused, and the log tells what would be; with --warn standard error does, too. */
  bool audit;
  bool warn;
  struct strictness strictness;
  const char *audit_log;
  /* Which verdicts --log has written. */
  const char *records;
  const char *image;
  /* What --allow-exec names, in one array; `confined` even when that is empty. */
  bool confined;
  const char **allow_exec;
  size_t allow_exec_count;
  /* The command and its arguments, with a null pointer at the end. */
  char **command;
};

/* PARSED, or the status to end with, once all has been said. */
enum { PARSED = -1 };

/* Options end at the first word that is none, and at "--": all else is the command's. */
int parse_arguments(int argc, char **argv, struct arguments *out);

#endif
