#ifndef MAYEXEC_RUN_LOG_TARGET_H
#define MAYEXEC_RUN_LOG_TARGET_H

#include <stdbool.h>

/* What the target of --audit-log says; src/preload/log-target.ts reads it alike. */
struct log_target {
  enum { LOG_FILE, LOG_SYSLOG, LOG_JOURNAL, LOG_FD } kind;
  int fd;
  /* What the fd leads to, where another launcher or preload has handed it on. */
  bool has_identity;
  unsigned long dev, ino;
};

/* 0, or STATUS_FAILURE, once it has been said that the words mean none. */
int read_log_target(const char *given, struct log_target *out);

/* The target of an fd, for what is started. The size is LOG_FD_TARGET. -errno without the fd. */
enum { LOG_FD_TARGET = 64 };
int name_log_fd(int fd, char *target);

#endif
