/* How many opens for writing fail while another process makes checks of the file.
 * usage: writers FILE */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK 0x10000 /* AT_EXECVE_CHECK */

int main(int argc, char **argv) {
  char *const names[] = {"file", NULL};
  int busy = 0, fd;

  if (argc != 2 || (fd = open(argv[1], O_RDONLY | O_CLOEXEC)) < 0) return 2;
  const pid_t child = fork();
  if (child == 0)
    for (;;) syscall(SYS_execveat, fd, "", names, NULL, AT_EMPTY_PATH | CHECK);
  for (int i = 0; i < 20000; i++) {
    const int writer = open(argv[1], O_WRONLY | O_CLOEXEC);

    if (writer >= 0) close(writer);
    else if (errno == ETXTBSY) busy++;
    else return 2;
  }
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  printf("%d of 20000 opens for writing refused with ETXTBSY\n", busy);
  return 0;
}
