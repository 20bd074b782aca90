#ifndef MAYEXEC_RUN_AUDIT_LOG_H
#define MAYEXEC_RUN_AUDIT_LOG_H

#include <limits.h>

#include "log_target.h"

/* Where verdicts are written: by the preload, and with --audit by the launcher before it. */
struct audit_log {
  struct log_target where;
  int fd;
  /* For what is started: an absolute path, since a child may run in another directory, or an fd
   * that it inherits, and what it leads to. */
  char target[PATH_MAX];
};

/* Opens the log of a target. 0, or the status to end with, once it has been said why not. */
int open_audit_log(const char *given, struct audit_log *out);

/* One verdict that the policy would refuse: its operation, what it is about, and why. */
struct record {
  const char *operation;
  /* The option or the variable; null pointers are left out. */
  const char *option;
  const char *variable;
  /* Ends with a null pointer, or is one. */
  const char *const *why;
};

/* Writes a line as the preload does. A log that cannot be written stops no program. */
void write_record(const struct audit_log *log, const struct record *record);

#endif
