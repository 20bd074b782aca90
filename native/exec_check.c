#define _GNU_SOURCE
#include "exec_check.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "deadly_calls.h"
#include "system_calls.h"

static int call(int fd, const char *path, const char *name, int flags) {
  /* A NULL argv works too, but makes the kernel log a line about it. */
  const char *const argv[] = {name, NULL};
  const char *const envp[] = {NULL};
  if (mayexec_syscall(SYS_execveat, fd, path, argv, envp, flags | AT_EXECVE_CHECK) == 0) return 0;
  return -errno;
}

int mayexec_exec_check(int fd, const char *name) {
  /* AT_FDCWD is negative too, and would mean the current directory. */
  if (fd < 0) return -EBADF;
  return call(fd, "", name, AT_EMPTY_PATH);
}

int mayexec_exec_check_at(int directory, const char *name) {
  if (directory < 0) return -EBADF;
  /* A path that could leave the directory is not a name in it. */
  if (name[0] == '\0' || strchr(name, '/') != NULL || strcmp(name, "..") == 0) return -EINVAL;
  return call(directory, name, name, AT_SYMLINK_NOFOLLOW);
}

int mayexec_exec_check_probe(void) {
  /* The kernel checks the flags before the fd, and fd -1 can never be executed. */
  return call(-1, "", "mayexec", AT_EMPTY_PATH);
}
