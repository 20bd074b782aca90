#define _GNU_SOURCE
#include "execute.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "glibc_floor.h"

/* Node opens all of its own fds close-on-exec, and may have marked these too. */
static int keep_open(int fd) {
  int flags = fcntl(fd, F_GETFD);
  if (flags < 0) return errno == EBADF ? 0 : -errno;
  return fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC) < 0 ? -errno : 0;
}

int mayexec_execute(const char *path, char *const argv[], char *const envp[]) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
    int error = keep_open(fd);
    if (error != 0) return error;
  }
  sigset_t none, before;
  (void)sigemptyset(&none);
  int error = pthread_sigmask(SIG_SETMASK, &none, &before);
  if (error != 0) return -error;
  /* Node ignores these, and an ignored signal stays ignored after execve. */
  void (*on_pipe)(int) = signal(SIGPIPE, SIG_DFL);
  void (*on_limit)(int) = signal(SIGXFSZ, SIG_DFL);

  (void)execve(path, argv, envp);
  error = -errno;

  if (on_pipe != SIG_ERR) (void)signal(SIGPIPE, on_pipe);
  if (on_limit != SIG_ERR) (void)signal(SIGXFSZ, on_limit);
  (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  return error;
}
