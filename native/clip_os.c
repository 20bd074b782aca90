#define _GNU_SOURCE
#include "clip_os.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { CLIP_OS_O_MAYEXEC = 040 };

int mayexec_clip_os_open(const char *path, int with_flag) {
  const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  for (;;) {
    int fd = open(path, with_flag ? flags | CLIP_OS_O_MAYEXEC : flags);
    if (fd >= 0) {
      (void)close(fd);
      return 0;
    }
    if (errno != EINTR) return -errno;
  }
}
