#ifndef MAYEXEC_FILE_LOCK_H
#define MAYEXEC_FILE_LOCK_H

/*
 * Locks what is open as fd, a directory too, for this open file alone, until it is
 * closed: flock(2). 0, -EAGAIN when somebody else has it, or another -errno.
 */
int mayexec_lock_file(int fd);

#endif
