#ifndef MAYEXEC_RUN_AUDIT_LOG_H
#define MAYEXEC_RUN_AUDIT_LOG_H

#include <limits.h>
#include <stdbool.h>

#include "log_target.h"

/* The log for verdicts of the preload and of the launcher. */
struct audit_log {
  struct log_target where;
  int fd;
  /*
   * The target for child processes: an absolute path, since a child may run in another directory,
   * or an inherited fd and the identity of its file.
   */
  char target[PATH_MAX];
};

/* Opens the log of a target. 0, or the exit status after an error message. */
int open_audit_log(const char *given, struct audit_log *out);

/* A record of something that the policy refuses, or would refuse. */
struct record {
  const char *operation;
  const char *origin;
  /* The option or the variable. Null pointers are omitted. */
  const char *option;
  const char *variable;
  /* An array that ends with a null pointer, or a null pointer. */
  const char *const *why;
  /* The name of the errno; a null pointer means EACCES. */
  const char *code;
  bool denied;
};

/* Writes a line as the preload does. An error is printed once, and stops nothing. */
void write_record(const struct audit_log *log, const struct record *record);

#endif
