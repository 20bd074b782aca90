#define _GNU_SOURCE
#include "file_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "file_status.h"

#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif

int mayexec_file_mode(int fd) {
  struct stat status;
  return mayexec_fstat(fd, &status) == 0 ? (int)status.st_mode : -errno;
}

int mayexec_exec_access(int fd) {
  if (fd < 0) return -EBADF;
  /* Called directly, since glibc before 2.33 knows no AT_EMPTY_PATH here. */
  if (syscall(SYS_faccessat2, fd, "", X_OK, AT_EACCESS | AT_EMPTY_PATH) == 0) return 0;
  if (errno != ENOSYS && errno != EPERM) return -errno;

  /*
   * Before Linux 5.8, or under a seccomp filter. Not libc's faccessat, which makes the same
   * call. This call checks the real ids, so it cannot serve a setuid program.
   */
  if (getuid() != geteuid() || getgid() != getegid()) return -errno;
  char path[sizeof "/proc/self/fd/" + 3 * sizeof fd];
  (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return syscall(SYS_faccessat, AT_FDCWD, path, X_OK) == 0 ? 0 : -errno;
}

int mayexec_on_noexec_mount(int fd) {
  if (fd < 0) return -EBADF;
  struct statvfs mount;
  if (fstatvfs(fd, &mount) != 0) return -errno;
  return (mount.f_flag & ST_NOEXEC) != 0;
}
