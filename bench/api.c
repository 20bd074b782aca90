/*
 * api: the system calls of the API in plain loops, which is the floor. It reads lines
 * "OPERATION COUNT PATH" and answers each with the nanoseconds of one call.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#define CHECK 0x10000

static int open_file(const char *path) {
  const uint64_t how[3] = {O_RDONLY | O_CLOEXEC, 0, 0};
  return (int)syscall(SYS_openat2, AT_FDCWD, path, how, sizeof how);
}

static void check(int fd, const char *path) {
  const char *const argv[] = {path, NULL};
  const char *const envp[] = {NULL};
  if (syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH | CHECK) != 0) err(1, "execveat");
}

static void read_all(int fd) {
  struct stat st;
  if (fstat(fd, &st) != 0) err(1, "fstat");
  char *bytes = malloc((size_t)st.st_size + 1);
  if (bytes == NULL || read(fd, bytes, (size_t)st.st_size) != st.st_size) err(1, "read");
  free(bytes);
}

static void run(const char *operation, const char *path) {
  int fd = open_file(path);
  if (strcmp(operation, "none") == 0) {
    if (fd >= 0) errx(1, "%s exists", path);
    return;
  }
  if (fd < 0) err(1, "%s", path);
  if (strcmp(operation, "open") != 0) check(fd, path);
  if (strcmp(operation, "read") == 0) read_all(fd);
  (void)close(fd);
}

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(void) {
  char operation[16], path[4096];
  long count;
  while (scanf("%15s %ld %4095s", operation, &count, path) == 3) {
    const double start = now();
    for (long i = 0; i < count; i++) run(operation, path);
    printf("%.1f\n", (now() - start) / (double)count);
    (void)fflush(stdout);
  }
  return 0;
}
