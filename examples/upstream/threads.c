/* How many of 2,000 threads cannot be created while another thread makes checks.
 * usage: threads FILE [unshare] */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHECK 0x10000 /* AT_EXECVE_CHECK */

static int file, apart;
static atomic_int done, ready;
static atomic_long checks;

static void *check(void *unused) {
  char *const argv[] = {"file", NULL};

  if (apart && unshare(CLONE_FS) != 0) abort();
  while (!done) {
    syscall(SYS_execveat, file, "", argv, NULL, AT_EMPTY_PATH | CHECK);
    checks++;
    ready = 1;
  }
  return unused;
}

static void *nothing(void *unused) { return unused; }

int main(int argc, char **argv) {
  pthread_t checker, other;
  int refused = 0;

  if (argc < 2 || (file = open(argv[1], O_RDONLY | O_CLOEXEC)) < 0) return 2;
  apart = argc > 2 && strcmp(argv[2], "unshare") == 0;
  if (pthread_create(&checker, NULL, check, NULL) != 0) return 2;
  while (!ready) sched_yield();
  for (int i = 0; i < 2000; i++) {
    const int error = pthread_create(&other, NULL, nothing, NULL);

    if (error == 0) pthread_join(other, NULL);
    else if (error == EAGAIN) refused++;
    else return 2;
  }
  done = 1;
  pthread_join(checker, NULL);
  printf("%d of 2000 threads refused with EAGAIN, %ld checks\n", refused, (long)checks);
  return 0;
}
