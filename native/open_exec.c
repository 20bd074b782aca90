#define _GNU_SOURCE
#include "open_exec.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

#include "file_status.h"
#include "openat2.h"
#include "read_file.h"

static const int code_flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

static int open_plainly(int dirfd, const char *path) {
  for (;;) {
    int fd = openat(dirfd, path, code_flags);
    if (fd >= 0) return fd;
    if (errno != EINTR) return -errno;
  }
}

/* O_NONBLOCK was for the open alone: who reads a fifo expects to wait. */
static int make_blocking(int fd) {
  struct stat st;
  if (mayexec_fstat(fd, &st) != 0) return -errno;
  if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) return 0;
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return -errno;
  return fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0 ? -errno : 0;
}

void mayexec_open_exec(struct mayexec_checker *checker, int dirfd, const char *path,
                       uint64_t resolve, int what, struct mayexec_opened *opened) {
  *opened = (struct mayexec_opened){.check = MAYEXEC_NOT_CHECKED};

  int fd = mayexec_openat2(dirfd, path, (uint64_t)(unsigned)code_flags, 0, resolve);
  if ((fd == -ENOSYS || fd == -EPERM) && resolve == 0) fd = open_plainly(dirfd, path);
  if (fd >= 0) {
    int error = make_blocking(fd);
    if (error != 0) {
      (void)close(fd);
      fd = error;
    }
  }
  opened->fd = fd;
  if (fd < 0) return;

  if ((what & MAYEXEC_SKIP_CHECK) == 0)
    opened->check = (what & MAYEXEC_CHECK_HERE) != 0 ? mayexec_check_here(fd, path)
                                                     : mayexec_checker_check(checker, fd, path);
  if (((what & MAYEXEC_READ) != 0 && opened->check == 0) || (what & MAYEXEC_READ_ANYWAY) != 0)
    opened->length = mayexec_read_file(fd, &opened->data);
}
