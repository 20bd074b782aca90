#define _GNU_SOURCE
#include "code_image.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "file_status.h"

/*
 * OpenSSL's function. Node contains it, and addons may call it. It uses the processor's
 * instructions for SHA-256. Loading node:crypto instead would take milliseconds.
 */
extern unsigned char *SHA256(const unsigned char *bytes, size_t length, unsigned char *digest)
    __attribute__((weak));

int mayexec_sha256(const void *bytes, size_t length, uint8_t digest[MAYEXEC_SHA256]) {
  if (SHA256 == NULL) return -ENOSYS;
  return SHA256(bytes, length, digest) == NULL ? -EIO : 0;
}

/* The offsets of the fields in a record. Numbers are little-endian. */
enum {
  OFFSET = 0,
  BYTECODE_LENGTH = 8,
  SOURCE_LENGTH = 12,
  PATH_END = 16,
  FLAGS = 20,
  BYTECODE_SHA256 = 32,
  SOURCE_SHA256 = 64,
};
enum { IS_ASCII = 1 };

/* The header, and the offsets of the lengths in it. */
enum { HEADER = 64, META_LENGTH = 12, COUNT = 16, PATHS_LENGTH = 20 };
static const char magic[] = "MXIMAGE\n";

static uint64_t number(const uint8_t *bytes, int length) {
  uint64_t value = 0;
  for (int i = length - 1; i >= 0; i--) value = value << 8 | bytes[i];
  return value;
}

int mayexec_image_is_ascii(const uint8_t *record) { return (record[FLAGS] & IS_ASCII) != 0; }

int mayexec_image_is_source(const uint8_t *record, const void *bytes, size_t length) {
  uint8_t digest[MAYEXEC_SHA256];
  int error = mayexec_sha256(bytes, length, digest);
  return error != 0 ? error : memcmp(digest, record + SOURCE_SHA256, sizeof digest) == 0;
}

static int compare(const char *path, size_t length, const uint8_t *other, size_t other_length) {
  const size_t shorter = length < other_length ? length : other_length;
  const int order = memcmp(path, other, shorter);
  if (order != 0) return order;
  return length < other_length ? -1 : length > other_length;
}

int mayexec_image_find(const struct mayexec_image_directory *directory, const char *path) {
  const size_t length = strlen(path);
  size_t low = 0;
  size_t high = directory->records_length / MAYEXEC_IMAGE_RECORD;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const uint8_t *record = directory->records + middle * MAYEXEC_IMAGE_RECORD;
    const uint64_t start = middle == 0 ? 0 : number(record - MAYEXEC_IMAGE_RECORD + PATH_END, 4);
    const uint64_t end = number(record + PATH_END, 4);
    if (start > end || end > directory->paths_length) return -EBADMSG;
    const int order = compare(path, length, directory->paths + start, (size_t)(end - start));
    if (order == 0) return (int)middle;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return -ENOENT;
}

static int read_whole(int fd, uint8_t *to, size_t length, uint64_t offset) {
  for (size_t done = 0; done < length;) {
    ssize_t n = pread(fd, to + done, length - done, (off_t)(offset + done));
    if (n == 0) return -EBADMSG;
    if (n > 0)
      done += (size_t)n;
    else if (errno != EINTR)
      return -errno;
  }
  return 0;
}

/* The length of the header, and of the directory where there is one. */
static uint64_t start_length(const uint8_t header[HEADER], uint64_t size) {
  if (memcmp(header, magic, sizeof magic - 1) != 0) return HEADER;
  const uint64_t length = HEADER + number(header + META_LENGTH, 4) +
                          number(header + COUNT, 4) * MAYEXEC_IMAGE_RECORD +
                          number(header + PATHS_LENGTH, 4);
  return length <= size && length <= INT32_MAX ? length : HEADER;
}

int64_t mayexec_image_read_start(int fd, uint8_t **data) {
  struct stat st;
  uint8_t header[HEADER];
  if (mayexec_fstat(fd, &st) != 0) return -errno;
  const uint64_t size = (uint64_t)st.st_size;
  uint64_t length = size;
  if (size >= HEADER) {
    const int error = read_whole(fd, header, HEADER, 0);
    if (error != 0) return error;
    length = start_length(header, size);
  }
  uint8_t *buffer = malloc((size_t)length + 1);
  if (buffer == NULL) return -ENOMEM;
  const int error = read_whole(fd, buffer, (size_t)length, 0);
  if (error != 0) {
    free(buffer);
    return error;
  }
  *data = buffer;
  return (int64_t)length;
}

int64_t mayexec_image_read(int fd, const uint8_t *record, enum mayexec_image_part part,
                           size_t before, size_t after, uint8_t **data) {
  const int is_source = part == MAYEXEC_IMAGE_SOURCE;
  const size_t length = (size_t)number(record + (is_source ? SOURCE_LENGTH : BYTECODE_LENGTH), 4);
  /* A sum of six bytes and four bytes, so it cannot become a negative offset. */
  const uint64_t offset =
      number(record + OFFSET, 6) + (is_source ? number(record + BYTECODE_LENGTH, 4) : 0);
  /* No module is longer, and no sum below may wrap around where size_t has 32 bits. */
  if (length > INT32_MAX) return -EBADMSG;
  uint8_t digest[MAYEXEC_SHA256];
  uint8_t *buffer = malloc(before + length + after + 1);
  if (buffer == NULL) return -ENOMEM;
  int error = read_whole(fd, buffer + before, length, offset);
  if (error == 0) error = mayexec_sha256(buffer + before, length, digest);
  if (error == 0 &&
      memcmp(digest, record + (is_source ? SOURCE_SHA256 : BYTECODE_SHA256), sizeof digest) != 0)
    error = -EBADMSG;
  if (error != 0) {
    free(buffer);
    return error;
  }
  *data = buffer;
  return (int64_t)length;
}
