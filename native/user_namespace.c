#define _GNU_SOURCE
#include "user_namespace.h"

#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "deadly_calls.h"
#include "file_status.h"
#include "system_calls.h"

/* PIDFD_GET_USER_NAMESPACE. libc's headers are older than many kernels. */
static const unsigned long GET_USER_NAMESPACE = _IO(0xFF, 9);

/* The kernel gives O_CLOEXEC to both fds. */
int mayexec_user_namespace(char name[MAYEXEC_USER_NAMESPACE]) {
  int process = (int)mayexec_syscall(SYS_pidfd_open, getpid(), 0U);
  if (process < 0) return -errno;
  int fd = ioctl(process, GET_USER_NAMESPACE, 0UL);
  int error = fd < 0 ? -errno : 0;
  (void)close(process);
  if (error != 0) return error;
  struct stat status;
  if (mayexec_fstat(fd, &status) != 0) error = -errno;
  (void)close(fd);
  if (error != 0) return error;
  (void)snprintf(name, MAYEXEC_USER_NAMESPACE, "user:[%llu]", (unsigned long long)status.st_ino);
  return 0;
}
