#define _GNU_SOURCE
#include "inherit_fd.h"

#include <errno.h>
#include <fcntl.h>

/* The second is for a process that may not have so many fds. */
static const int lowest[] = {512, 64};

/* Node marks low fds close-on-exec. */
static int keep_open(int fd) {
  int flags = fcntl(fd, F_GETFD);
  if (flags < 0 || fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC) < 0) return -errno;
  return fd;
}

int mayexec_inherit_fd(int fd) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return -errno;
  if ((flags & O_ACCMODE) == O_RDONLY || (flags & O_PATH) != 0) return -EBADF;
  if (fd >= lowest[1]) return keep_open(fd);
  int copy = -1;
  for (unsigned i = 0; i < sizeof lowest / sizeof lowest[0] && copy < 0; i++)
    copy = fcntl(fd, F_DUPFD, lowest[i]);
  return copy < 0 ? -errno : copy;
}
