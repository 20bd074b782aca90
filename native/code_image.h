#ifndef MAYEXEC_CODE_IMAGE_H
#define MAYEXEC_CODE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Modules in a code image (src/image/format.ts). Its directory has one record for each module,
 * sorted by path. No record is trusted: a range is checked before it is used, and bytes are
 * returned only if they have the SHA-256 in the record.
 */
enum { MAYEXEC_SHA256 = 32, MAYEXEC_IMAGE_RECORD = 96 };

struct mayexec_image_directory {
  const uint8_t *records;
  size_t records_length;
  const uint8_t *paths;
  size_t paths_length;
};

enum mayexec_image_part { MAYEXEC_IMAGE_BYTECODE, MAYEXEC_IMAGE_SOURCE };

/*
 * Reads the header and the directory of a code image into a buffer that the caller frees. Of any
 * other file it reads what a header would be. Returns the length, or -errno.
 */
int64_t mayexec_image_read_start(int fd, uint8_t **data);

/* 0, or -ENOSYS where this process has no OpenSSL. */
int mayexec_sha256(const void *bytes, size_t length, uint8_t digest[MAYEXEC_SHA256]);

/* The index of a path. -ENOENT, or -EBADMSG when the directory is broken. */
int mayexec_image_find(const struct mayexec_image_directory *directory, const char *path);

/* Whether a module's source is ASCII, so that each byte of it is a character. */
int mayexec_image_is_ascii(const uint8_t *record);

/* 1 when bytes have the SHA-256 of a module's source, 0 when they have not, or -errno. */
int mayexec_image_is_source(const uint8_t *record, const void *bytes, size_t length);

/*
 * Reads a part of a module into a buffer that the caller frees, with room for `before` bytes in
 * front of it and `after` bytes behind it. Returns the length of the part. -EBADMSG when the file
 * does not hold what the record says.
 */
int64_t mayexec_image_read(int fd, const uint8_t *record, enum mayexec_image_part part,
                           size_t before, size_t after, uint8_t **data);

#endif
