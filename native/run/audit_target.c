#define _GNU_SOURCE
#include "audit_target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "../datagram.h"
#include "message.h"
#include "status.h"

static const char *socket_of(const char *target) {
  if (strcmp(target, "syslog") == 0) return "/dev/log";
  if (strcmp(target, "journal") == 0) return "/run/systemd/journal/socket";
  return NULL;
}

int audit_target(const char *given, char target[PATH_MAX]) {
  size_t length = 0;
  if (socket_of(given) == NULL && given[0] != '/') {
    if (getcwd(target, PATH_MAX) == NULL) return -errno;
    length = strlen(target);
    if (length + 1 >= PATH_MAX) return -ENAMETOOLONG;
    target[length++] = '/';
  }
  if (length + strlen(given) >= PATH_MAX) return -ENAMETOOLONG;
  (void)stpcpy(target + length, given);
  return 0;
}

/* As the preload opens it. */
static int open_file(const char *path) {
  int fd = open(
      path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW, 0600);
  return fd < 0 ? -errno : fd;
}

int check_audit_target(const char *given) {
  static const char WHAT[] = "the audit log cannot be written: ";
  char target[PATH_MAX];
  int error = audit_target(given, target);
  if (error != 0) {
    say_error(WHAT, error, "open", given);
    return STATUS_FAILURE;
  }
  const char *socket = socket_of(target);
  int fd = socket == NULL ? open_file(target) : mayexec_datagram_connect(socket);
  if (fd < 0) {
    say_error(WHAT, fd, socket == NULL ? "open" : "connect", socket == NULL ? target : socket);
    return STATUS_FAILURE;
  }
  (void)close(fd);
  return 0;
}
