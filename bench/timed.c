/*
 * timed COMMAND [ARGUMENT...]: runs it on a terminal of its own, as a user does,
 * and prints the milliseconds that passed until it had ended, those of the
 * processors, the peak of its memory in KiB, and the page faults that needed no
 * disk: "wall cpu peak faults".
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  if (clock_gettime(CLOCK_MONOTONIC, &t) != 0) err(2, "clock_gettime");
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double ms(struct timeval t) { return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3; }

int main(int argc, char **argv) {
  if (argc < 2) errx(2, "usage: timed COMMAND [ARGUMENT...]");
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) err(2, "a terminal");
  int terminal = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0) err(2, "a terminal");
  struct winsize size = {.ws_row = 24, .ws_col = 100};
  if (ioctl(terminal, TIOCSWINSZ, &size) != 0) err(2, "a terminal");

  double start = now();
  pid_t pid = fork();
  if (pid < 0) err(2, "fork");
  if (pid == 0) {
    if (dup2(terminal, 0) < 0 || dup2(terminal, 1) < 0 || dup2(terminal, 2) < 0) _exit(127);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  close(terminal);
  char output[65536];
  /* Ends with EIO, when nobody has the terminal any more. */
  while (read(master, output, sizeof output) > 0) continue;
  int status;
  struct rusage usage;
  if (wait4(pid, &status, 0, &usage) != pid) err(2, "wait4");
  double wall = now() - start;
  if (!WIFEXITED(status) || WEXITSTATUS(status) == 127) errx(2, "%s failed", argv[1]);
  double cpu = ms(usage.ru_utime) + ms(usage.ru_stime);
  printf("%.3f %.3f %ld %ld\n", wall, cpu, usage.ru_maxrss, usage.ru_minflt);
  return 0;
}
