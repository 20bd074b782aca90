/*
 * approves: asks the kernel whether the files may be executed whose paths stand
 * on standard input, each ended by a NUL. Prints an errno a line, 0 for yes. Shares
 * no line with native/.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHECK 0x10000 /* AT_EXECVE_CHECK */

static int ask(const char *path) {
  char *const argv[] = {(char *)path, NULL};
  char *const envp[] = {NULL};
  int fd = open(path, O_PATH | O_CLOEXEC);
  if (fd < 0) return errno;
  int answer = 0;
  if (syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH | CHECK) != 0) answer = errno;
  close(fd);
  return answer;
}

int main(void) {
  char *path = NULL;
  size_t size = 0;
  while (getdelim(&path, &size, '\0', stdin) > 0) printf("%d\n", ask(path));
  free(path);
  return 0;
}
