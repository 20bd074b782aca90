/*
 * lease: hold a lease on a file, and give it up late.
 *
 * usage: lease FILE MILLISECONDS
 *
 * Prints "held". When another process opens the file, it waits so long, and gives the lease up.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  sigset_t breaks;
  (void)sigemptyset(&breaks);
  (void)sigaddset(&breaks, SIGIO);
  (void)sigprocmask(SIG_BLOCK, &breaks, NULL);
  int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fcntl(fd, F_SETLEASE, F_WRLCK) != 0) {
    perror(argv[1]);
    return 1;
  }
  (void)puts("held");
  (void)fflush(stdout);
  /* Long enough for any machine. */
  if (sigtimedwait(&breaks, NULL, &(struct timespec){.tv_sec = 50}) < 0) return 1;
  long ms = strtol(argv[2], NULL, 10);
  (void)nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
  return fcntl(fd, F_SETLEASE, F_UNLCK) == 0 ? 0 : 1;
}
