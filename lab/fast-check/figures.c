/*
 * figures: what does a check cost, and what does it keep other threads from?
 *
 * usage: figures
 *
 * Each line is a name and nanoseconds, the least of 200 rounds, or how many of
 * 2000 threads could not be started while another thread was asking.
 * Run as root where /tmp takes a new directory.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

#define WORK "/tmp/figures"

enum { ROUNDS = 200, CALLS = 50, THREADS = 2000 };

static int granted, refused;

static _Noreturn void die(const char *what) {
  fprintf(stderr, "figures: %s: %s\n", what, strerror(errno));
  exit(EXIT_FAILURE);
}

static int make_file(const char *path, mode_t mode) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0 || write(fd, "text\n", 5) != 5 || fchmod(fd, mode) != 0 || close(fd) != 0) die(path);
  const int reader = open(path, O_RDONLY | O_CLOEXEC);
  if (reader < 0) die(path);
  return reader;
}

static int ask_with(int fd, char *const envp[]) {
  char *const argv[] = {"check", NULL};

  return syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH | AT_EXECVE_CHECK) == 0 ? 0
                                                                                         : errno;
}

static int ask(int fd) {
  char *const envp[] = {NULL};

  return ask_with(fd, envp);
}

static void grant(void) {
  if (ask(granted) != 0) die("a granted check");
}

/* As programs do that pass their own environment: 30 strings of 60 bytes. */
static void grant_with_environment(void) {
  static char strings[30][61];
  static char *envp[31];

  if (envp[0] == NULL) {
    for (size_t i = 0; i < 30; i++) envp[i] = memset(strings[i], 'x', 60);
  }
  if (ask_with(granted, envp) != 0) die("a granted check with an environment");
}

static void refuse(void) {
  if (ask(refused) != EACCES) die("a refused check");
}

static void open_and_close(void) {
  const int fd = open("granted", O_RDONLY | O_CLOEXEC);

  if (fd < 0 || close(fd) != 0) die("open and close");
}

static void fail_to_execute(void) {
  char *const argv[] = {"text", NULL}, *const envp[] = {NULL};

  if (execve("granted", argv, envp) == 0 || errno != ENOEXEC) die("a failed execve");
}

static void get_parent(void) {
  if (syscall(SYS_getppid) < 0) die("getppid");
}

static double now(void) {
  struct timespec time;

  if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) die("clock");
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* The least of the rounds: what else runs on the machine only adds to it. */
static void measure(const char *name, void (*call)(void)) {
  double least = 0;

  for (int i = 0; i < CALLS; i++) call();
  for (int round = 0; round < ROUNDS; round++) {
    const double started = now();

    for (int i = 0; i < CALLS; i++) call();
    const double taken = (now() - started) / CALLS;
    if (round == 0 || taken < least) least = taken;
  }
  printf("%s %.0f ns\n", name, least);
}

static atomic_bool asking;
static atomic_long asked;

static void *ask_until_told(void *call) {
  while (atomic_load(&asking)) {
    (*(void (**)(void))call)();
    atomic_fetch_add(&asked, 1);
  }
  return NULL;
}

static void *nothing(void *unused) { return unused; }

static void count_refused_threads(const char *name, void (*call)(void)) {
  pthread_t asker, thread;
  int refusals = 0;

  atomic_store(&asking, true);
  atomic_store(&asked, 0);
  if (pthread_create(&asker, NULL, ask_until_told, &call) != 0) die("pthread_create");
  while (atomic_load(&asked) == 0) sched_yield();
  for (int i = 0; i < THREADS; i++) {
    const int error = pthread_create(&thread, NULL, nothing, NULL);

    if (error == EAGAIN) {
      refusals++;
      continue;
    }
    if (error != 0 || pthread_join(thread, NULL) != 0) die("pthread_create");
  }
  atomic_store(&asking, false);
  if (pthread_join(asker, NULL) != 0) die("pthread_join");
  printf("%s %d of %d\n", name, refusals, THREADS);
}

int main(void) {
  if (mkdir(WORK, 0755) != 0 || chdir(WORK) != 0) die(WORK);
  granted = make_file("granted", 0755);
  refused = make_file("refused", 0644);

  measure("granted-check", grant);
  measure("granted-check-with-environment", grant_with_environment);
  measure("refused-check", refuse);
  measure("open-and-close", open_and_close);
  measure("getppid", get_parent);
  measure("failed-execve", fail_to_execute);
  count_refused_threads("threads-refused-beside-checks", grant);
  count_refused_threads("threads-refused-beside-failed-execves", fail_to_execute);

  if (unlink("granted") != 0 || unlink("refused") != 0 || chdir("/") != 0 || rmdir(WORK) != 0)
    die(WORK);
  return EXIT_SUCCESS;
}
