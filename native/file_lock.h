#ifndef MAYEXEC_FILE_LOCK_H
#define MAYEXEC_FILE_LOCK_H

/*
 * Locks the file or directory behind fd for this open file alone, until it is closed:
 * flock(2). 0, -EAGAIN when another process holds the lock, or another -errno.
 */
int mayexec_lock_file(int fd);

#endif
