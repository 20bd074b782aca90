#ifndef MAYEXEC_INHERIT_FD_H
#define MAYEXEC_INHERIT_FD_H

/*
 * An fd for the same open file that child processes inherit. It has a high number, because a child
 * uses low ones itself: its channel is fd 3. An fd with a high number stays the same. -EBADF when
 * it is not open for writing.
 */
int mayexec_inherit_fd(int fd);

#endif
