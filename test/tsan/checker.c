/*
 * checker FOLDER SECONDS [SEED]: many threads ask the checker at once, for ThreadSanitizer.
 *
 * Owners play the JavaScript threads, and one pool plays libuv's. An owner opens a checker,
 * asks on its own thread and through the pool, replaces the lanes, waits for the answers
 * and closes the checker, again and again. Meanwhile the calls that the checker needs fail
 * now and then: the linker leads them through the __wrap_ functions below.
 *
 * Each answer must belong to its question. Prints how much was asked.
 */
#define _GNU_SOURCE
#include "checker.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "directory.h"
#include "open_exec.h"
#include "restrictions.h"

enum { OWNERS = 3, POOL = 4, STEPS = 40, WAITING = 8, PERCENT = 100 };

static _Atomic unsigned long checks, reads, listings, lanes_failed, copies;
static _Atomic int is_over;

static void die(const char *what, int number) {
  (void)fprintf(stderr, "checker: %s (%d)\n", what, number);
  _exit(1);
}

static unsigned next(unsigned *random) {
  *random ^= *random << 13;
  *random ^= *random >> 17;
  *random ^= *random << 5;
  return *random;
}

/* What fails, in percent. */
static _Thread_local unsigned fault_random;
static _Atomic unsigned fault_seed;

static int fails(unsigned percent) {
  if (fault_random == 0) fault_random = atomic_fetch_add(&fault_seed, 0x9e3779b9U) | 1;
  return next(&fault_random) % PERCENT < percent;
}

int __real_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *),
                          void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *),
                          void *arg) {
  static const int errors[] = {EAGAIN, EINVAL};
  if (!fails(10)) return __real_pthread_create(thread, attr, start, arg);
  atomic_fetch_add(&lanes_failed, 1);
  return errors[fails(50)];
}

/* A filter forbids it: then the checks are made in children. */
int __real_unshare(int);
int __wrap_unshare(int flags);
int __wrap_unshare(int flags) {
  if (!fails(20)) return __real_unshare(flags);
  errno = EPERM;
  return -1;
}

/* libc's own: ThreadSanitizer takes each clone for a fork, and then ignores the thread. */
typedef int clone_function(int (*)(void *), void *, int, void *, ...);
static clone_function *libc_clone;

int __wrap_clone(int (*start)(void *), void *stack, int flags, void *arg, ...);
int __wrap_clone(int (*start)(void *), void *stack, int flags, void *arg, ...) {
  if (!fails(5)) return libc_clone(start, stack, flags, arg);
  errno = EAGAIN;
  return -1;
}

/* The child shares the memory, so ThreadSanitizer must not take its end for the process's. */
void __wrap__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) {
  for (;;) (void)syscall(SYS_exit_group, status);
}

static void find_clone(void) {
  void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
  void *found = libc == NULL ? NULL : dlsym(libc, "clone");
  if (found == NULL) die("libc has no clone", 0);
  memcpy(&libc_clone, &found, sizeof found);
}

/* Two files, and the directory that they are in. */
static int folder, executable, plain;

enum kind { CHECK, OPEN, LIST, KINDS };
struct question {
  struct question *next;
  struct mayexec_checker *checker;
  enum mayexec_asker asker;
  enum kind kind;
  int is_executable;
  int is_answered; /* under the pool's lock */
};

/* Whether it is an answer of the machinery and not of the kernel: then there may be no check. */
static int is_unasked(int result) { return result <= MAYEXEC_UNASKED(0); }

static void expect(int result, int is_executable) {
  if (!is_unasked(result) && result != (is_executable ? 0 : -EACCES))
    die(is_executable ? "the executable file got" : "the plain file got", result);
}

static void check(const struct question *q) {
  const int fd = q->is_executable ? executable : plain;
  expect(mayexec_checker_check(q->checker, q->asker, fd, "check"), q->is_executable);
  atomic_fetch_add(&checks, 1);
}

static void open_and_read(const struct question *q) {
  struct mayexec_opened opened;
  const char *name = q->is_executable ? "executable" : "plain";
  mayexec_open_exec(q->checker, q->asker, folder, name, 0, MAYEXEC_READ_ANYWAY, &opened);
  if (opened.fd < 0) die("the open failed", opened.fd);
  expect(opened.check, q->is_executable);
  if (opened.length != (int64_t)strlen(name) || memcmp(opened.data, name, strlen(name)) != 0)
    die("another file was read", (int)opened.length);
  free(opened.data);
  (void)close(opened.fd);
  atomic_fetch_add(&reads, 1);
}

static void list(const struct question *q) {
  int numbers[] = {folder, 2};
  int32_t answers[4] = {0};
  const struct mayexec_names_in where = {numbers, 2};
  int result = mayexec_check_names(q->checker, q->asker, &where, "executable\0plain", answers);
  if (is_unasked(result)) return;
  if (result != 0) die("the names got", result);
  expect(answers[0], 1);
  expect(answers[2], 0);
  atomic_fetch_add(&listings, 1);
}

static void answer(const struct question *q) {
  static void (*const answers[KINDS])(const struct question *) = {check, open_and_read, list};
  answers[q->kind](q);
}

/* The pool. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t asked = PTHREAD_COND_INITIALIZER, answered = PTHREAD_COND_INITIALIZER;
static struct question *queue;
static int no_more; /* no owner is left */

static void *work(void *arg) {
  (void)arg;
  (void)pthread_mutex_lock(&lock);
  for (;;) {
    while (queue == NULL && !no_more) (void)pthread_cond_wait(&asked, &lock);
    if (queue == NULL) break;
    struct question *q = queue;
    queue = q->next;
    (void)pthread_mutex_unlock(&lock);
    answer(q);
    (void)pthread_mutex_lock(&lock);
    q->is_answered = 1;
    (void)pthread_cond_broadcast(&answered);
  }
  (void)pthread_mutex_unlock(&lock);
  return NULL;
}

static void submit(struct question *q) {
  mayexec_checker_reserve(q->checker);
  (void)pthread_mutex_lock(&lock);
  q->is_answered = 0;
  q->next = queue;
  queue = q;
  (void)pthread_cond_signal(&asked);
  (void)pthread_mutex_unlock(&lock);
}

static void await(struct question *q) {
  (void)pthread_mutex_lock(&lock);
  while (!q->is_answered) (void)pthread_cond_wait(&answered, &lock);
  (void)pthread_mutex_unlock(&lock);
  mayexec_checker_unreserve(q->checker);
}

static void use(struct mayexec_checker *checker, unsigned *random) {
  struct question waiting[WAITING];
  size_t count = 0;
  for (int step = 0; step < STEPS; step++) {
    const unsigned what = next(random);
    struct question q = {.checker = checker,
                         .asker = MAYEXEC_OWNER,
                         .kind = (what >> 8) % KINDS,
                         .is_executable = (what >> 4) % 2};
    if (what % 16 == 0) {
      mayexec_count_restriction();
      mayexec_checker_renew(checker);
    } else if (what % 4 == 0) {
      answer(&q);
    } else if (count == WAITING) {
      while (count > 0) await(&waiting[--count]);
    } else {
      q.asker = MAYEXEC_RESERVED;
      waiting[count] = q;
      submit(&waiting[count++]);
    }
  }
  while (count > 0) await(&waiting[--count]);
}

static void *own(void *arg) {
  unsigned random = *(unsigned *)arg;
  while (!atomic_load(&is_over)) {
    struct mayexec_checker *checker = NULL;
    if (mayexec_checker_open(&checker) != 0) die("there is no checker", 0);
    use(checker, &random);
    mayexec_checker_close(checker);
    atomic_fetch_add(&copies, 1);
  }
  return NULL;
}

static int plant(const char *name, mode_t mode) {
  int fd = openat(folder, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0 || write(fd, name, strlen(name)) < 0) die(name, errno);
  (void)close(fd); /* nobody may have it open for writing */
  fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) die(name, errno);
  return fd;
}

int main(int argc, char **argv) {
  if (argc < 3) die("usage: checker FOLDER SECONDS [SEED]", argc);
  const unsigned seed = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : (unsigned)time(NULL);
  folder = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) die(argv[1], errno);
  find_clone();
  executable = plant("executable", 0755);
  plain = plant("plain", 0644);
  atomic_store(&fault_seed, seed);

  pthread_t owners[OWNERS], pool[POOL];
  unsigned seeds[OWNERS];
  for (int i = 0; i < POOL; i++)
    if (__real_pthread_create(&pool[i], NULL, work, NULL) != 0) die("no thread", i);
  for (int i = 0; i < OWNERS; i++) {
    seeds[i] = seed * 31 + (unsigned)i + 1;
    if (__real_pthread_create(&owners[i], NULL, own, &seeds[i]) != 0) die("no thread", i);
  }
  (void)nanosleep(&(struct timespec){.tv_sec = strtol(argv[2], NULL, 10)}, NULL);
  atomic_store(&is_over, 1);
  for (int i = 0; i < OWNERS; i++) (void)pthread_join(owners[i], NULL);
  (void)pthread_mutex_lock(&lock);
  no_more = 1;
  (void)pthread_cond_broadcast(&asked);
  (void)pthread_mutex_unlock(&lock);
  for (int i = 0; i < POOL; i++) (void)pthread_join(pool[i], NULL);
  (void)printf(
      "{\"seed\":%u,\"copies\":%lu,\"checks\":%lu,\"reads\":%lu,\"listings\":%lu,"
      "\"failures\":%lu}\n",
      seed, atomic_load(&copies), atomic_load(&checks), atomic_load(&reads), atomic_load(&listings),
      atomic_load(&lanes_failed));
  return 0;
}
