#define _GNU_SOURCE
#include "open_exec.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "code_image.h"
#include "file_status.h"
#include "glibc_floor.h"
#include "lease.h"
#include "openat2.h"
#include "read_file.h"

static const int code_flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

static int open_plainly(int dirfd, const char *path, int flags) {
  for (;;) {
    int fd = openat(dirfd, path, flags);
    if (fd >= 0) return fd;
    if (errno != EINTR) return -errno;
  }
}

static int open_once(int dirfd, const char *path, int flags, uint64_t resolve) {
  int fd = mayexec_openat2(dirfd, path, (uint64_t)(unsigned)flags, 0, resolve);
  if ((fd == -ENOSYS || fd == -EPERM) && resolve == 0) fd = open_plainly(dirfd, path, flags);
  return fd;
}

/* Whether EAGAIN comes from the lookup. Then an O_PATH open fails with it too. */
static int lookup_fails(int dirfd, const char *path, uint64_t resolve) {
  int fd = open_once(dirfd, path, O_PATH | O_CLOEXEC, resolve);
  if (fd < 0) return 1;
  (void)close(fd);
  return 0;
}

/* Like open(2), it waits for the holder of a lease. */
static int open_patiently(int dirfd, const char *path, uint64_t resolve) {
  for (long wait_ns = 0;;) {
    int fd = open_once(dirfd, path, code_flags, resolve);
    if (fd != -EAGAIN || lookup_fails(dirfd, path, resolve)) return fd;
    mayexec_await_lease(&wait_ns);
  }
}

/* Written once, before any open. The mode is 0 if fd 0 was closed. */
static struct stat noted_stdin;
static pthread_once_t note_once = PTHREAD_ONCE_INIT;

static void note_stdin(void) {
  if (mayexec_fstat(STDIN_FILENO, &noted_stdin) != 0) noted_stdin = (struct stat){0};
}

void mayexec_note_stdin(void) { (void)pthread_once(&note_once, note_stdin); }

static int is_noted_stdin(const struct stat *st) {
  return S_ISREG(noted_stdin.st_mode) && st->st_dev == noted_stdin.st_dev &&
         st->st_ino == noted_stdin.st_ino;
}

/* O_NONBLOCK was for the open only. A reader of a fifo expects to wait. */
static int make_blocking(int fd, const struct stat *st) {
  if (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode)) return 0;
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return -errno;
  return fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0 ? -errno : 0;
}

/* Opens the file, and gets its facts. The fd, or -errno. */
static int open_noted(int dirfd, const char *path, uint64_t resolve, struct stat *st) {
  int fd = open_patiently(dirfd, path, resolve);
  if (fd < 0) return fd;
  int error = mayexec_fstat(fd, st) != 0 ? -errno : make_blocking(fd, st);
  if (error == 0) return fd;
  (void)close(fd);
  return error;
}

static int wants_content(int what, const struct mayexec_opened *opened) {
  if ((what & MAYEXEC_READ_ANYWAY) != 0) return 1;
  if ((what & MAYEXEC_READ_REGULAR) != 0 && S_ISREG(opened->mode) && !opened->is_stdin) return 1;
  return (what & MAYEXEC_READ) != 0 && opened->check == 0;
}

/*
 * A read would find the end of a fifo that nobody has opened for writing yet. poll(2) waits until
 * there is something to read, or the writer has come and gone.
 */
static void await_writer(int fd) {
  struct pollfd wanted = {.fd = fd, .events = POLLIN};
  while (poll(&wanted, 1, -1) < 0 && errno == EINTR) continue;
}

static void check_and_read(struct mayexec_checker *checker, enum mayexec_asker asker,
                           const char *path, int what, const struct stat *st,
                           struct mayexec_opened *opened) {
  const int fd = opened->fd;
  if ((what & MAYEXEC_SKIP_CHECK) == 0)
    opened->check = (what & MAYEXEC_CHECK_HERE) != 0
                        ? mayexec_check_here(fd, path)
                        : mayexec_checker_check(checker, asker, fd, path);
  if (!wants_content(what, opened)) return;
  if (S_ISFIFO(opened->mode) && (what & MAYEXEC_READ_ANYWAY) != 0) await_writer(fd);
  opened->length = (what & MAYEXEC_IMAGE_START) != 0 ? mayexec_image_read_start(fd, &opened->data)
                                                     : mayexec_read_file(fd, st, &opened->data);
}

#ifndef F_DUPFD_QUERY
#define F_DUPFD_QUERY (1024 + 3)
#endif

/*
 * Another thread can close the fd between the check and the read, and open another file under its
 * number. It cannot give that number to this opening of the file again. So a second fd of this
 * opening is compared with it after the read. The other thread could have this package open a file,
 * and so get two fds of one opening in the place of both. So the file is compared, too.
 *
 * Linux compares fds since 6.10. An older kernel, or a filter, answers with another error, and then
 * only the file is compared.
 */
enum { UNCHANGED, EXCHANGED, CLOSED };

static int compare(int fd, int twin, const struct stat *opened) {
  struct stat now;
  const int same = fcntl(fd, F_DUPFD_QUERY, twin);
  if ((same < 0 && errno == EBADF) || mayexec_fstat(fd, &now) != 0) return CLOSED;
  const int same_file = now.st_dev == opened->st_dev && now.st_ino == opened->st_ino;
  return same == 0 || !same_file ? EXCHANGED : UNCHANGED;
}

enum { READS = MAYEXEC_READ | MAYEXEC_READ_REGULAR | MAYEXEC_READ_ANYWAY };

void mayexec_open_exec(struct mayexec_checker *checker, enum mayexec_asker asker, int dirfd,
                       const char *path, uint64_t resolve, int what,
                       struct mayexec_opened *opened) {
  struct stat st;
  const int fd = open_noted(dirfd, path, resolve, &st);
  *opened = (struct mayexec_opened){.check = MAYEXEC_NOT_CHECKED, .fd = fd};
  if (fd < 0) return;
  opened->mode = st.st_mode;
  opened->is_stdin = is_noted_stdin(&st);

  /* Where no other thread runs code of the program, none can exchange the fd. */
  if ((what & READS) == 0 || (what & MAYEXEC_CHECK_HERE) != 0) {
    check_and_read(checker, asker, path, what, &st, opened);
    return;
  }
  const int twin = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (twin < 0) {
    opened->fd = -errno;
    (void)close(fd);
    return;
  }
  check_and_read(checker, asker, path, what, &st, opened);
  const int state = compare(fd, twin, &st);
  (void)close(twin);
  if (state == UNCHANGED) return;
  /* An exchanged number belongs to the other thread. */
  if (state == CLOSED) (void)close(fd);
  free(opened->data);
  *opened = (struct mayexec_opened){.check = MAYEXEC_NOT_CHECKED, .fd = -EBADFD};
}
