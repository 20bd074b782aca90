#ifndef MAYEXEC_RUN_ARGUMENTS_H
#define MAYEXEC_RUN_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "strictness.h"

struct arguments {
  bool lock;
  bool quiet;
  /* The securebit of --only, or 0 to set both. */
  unsigned only;
  /* No preload for Node: only an interpreter that makes the check itself obeys. */
  bool no_preload;
  /* Refuse nothing, and log what would be refused. With --warn also print it on standard error. */
  bool audit;
  bool warn;
  struct strictness strictness;
  const char *audit_log;
  /* Which verdicts --log has written. */
  const char *records;
  /* How many characters of the text of code --log-text has written. */
  const char *log_text;
  const char *image, *bytecode;
  /* From `mayexec run` alone: why its own Node may have run foreign code. */
  const char *acted_before;
  /* The paths of --allow-exec. `confined` is true even if there are none. */
  bool confined;
  const char **allow_exec;
  size_t allow_exec_count;
  /* The command and its arguments, with a null pointer at the end. */
  char **command;
};

/* PARSED, or the exit status after the message has been printed. */
enum { PARSED = -1 };

/* Options end at the first word that is not an option, and at "--". The rest is the command. */
int parse_arguments(int argc, char **argv, struct arguments *out);

#endif
