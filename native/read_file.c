#define _GNU_SOURCE
#include "read_file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

enum { FIRST_GUESS = 8192 };
static const size_t size_limit = 0x7fffffff;

static ssize_t read_some(int fd, void *to, size_t size, off_t offset, int *seekable) {
  for (;;) {
    ssize_t n = *seekable ? pread(fd, to, size, offset) : read(fd, to, size);
    if (n >= 0) return n;
    if (errno == ESPIPE && *seekable)
      *seekable = 0;
    else if (errno != EINTR)
      return -errno;
  }
}

int64_t mayexec_read_file(int fd, const struct stat *st, uint8_t **data) {
  /*
   * One byte more than the size is asked for. A read that ends with the size has found the end.
   * The files of /proc have no size.
   */
  size_t size = 0;
  size_t room = FIRST_GUESS;
  if (S_ISREG(st->st_mode) && st->st_size > 0) {
    if ((uint64_t)st->st_size > size_limit) return -EFBIG;
    size = (size_t)st->st_size;
    room = size + 1;
  }

  uint8_t *buffer = malloc(room);
  if (buffer == NULL) return -ENOMEM;
  size_t length = 0;
  int seekable = 1;
  int64_t error;
  for (;;) {
    ssize_t n = read_some(fd, buffer + length, room - length, (off_t)length, &seekable);
    error = n;
    if (n < 0) break;
    length += (size_t)n;
    if (n == 0 || length == size) {
      *data = buffer;
      return (int64_t)length;
    }
    error = -EFBIG;
    if (length > size_limit) break;
    if (length == room) {
      room *= 2;
      uint8_t *larger = realloc(buffer, room);
      error = -ENOMEM;
      if (larger == NULL) break;
      buffer = larger;
    }
  }
  free(buffer);
  return error;
}
