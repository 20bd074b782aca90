#ifndef MAYEXEC_READ_FILE_H
#define MAYEXEC_READ_FILE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The whole of an open file into a buffer that the caller frees; its length, or
 * -errno, -EFBIG from 2 GiB on. A seekable file is read from its start whatever
 * the fd's offset, which stays as it is; a pipe or a device until its end.
 */
int64_t mayexec_read_file(int fd, uint8_t **data);

#endif
