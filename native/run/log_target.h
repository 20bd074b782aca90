#ifndef MAYEXEC_RUN_LOG_TARGET_H
#define MAYEXEC_RUN_LOG_TARGET_H

#include <stdbool.h>

/* The target of --audit-log. src/preload/log-target.ts has the same rules. */
struct log_target {
  enum { LOG_FILE, LOG_SYSLOG, LOG_JOURNAL, LOG_FD } kind;
  int fd;
  /* The identity of the fd's file, if another launcher or preload has handed the fd on. */
  bool has_identity;
  unsigned long dev, ino;
};

/* 0, or STATUS_FAILURE after a message about a wrong target. */
int read_log_target(const char *given, struct log_target *out);

/*
 * Writes the target by which child processes find an fd. Its size is LOG_FD_TARGET. 0, or -errno.
 */
enum { LOG_FD_TARGET = 64 };
int name_log_fd(int fd, char *target);

#endif
