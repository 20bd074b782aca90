#ifndef MAYEXEC_READ_FILE_H
#define MAYEXEC_READ_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/*
 * Reads a whole open file, whose status is `st`, into a buffer that the caller frees. Returns its
 * length, or -errno: -EFBIG from 2 GiB on. A seekable file is read from its start, and the fd's
 * offset does not change. A pipe or a device is read to its end.
 */
int64_t mayexec_read_file(int fd, const struct stat *st, uint8_t **data);

#endif
