#ifndef MAYEXEC_INHERIT_FD_H
#define MAYEXEC_INHERIT_FD_H

/*
 * An fd for the same open file that what is started inherits, however it uses the low numbers:
 * a child's channel is fd 3. A high number stays the same. -EBADF when nothing can be written to
 * it.
 */
int mayexec_inherit_fd(int fd);

#endif
