#ifndef MAYEXEC_MODE_BITS_H
#define MAYEXEC_MODE_BITS_H

/*
 * Whether the mode bits let this thread execute the file: 1 or 0, or -errno. access(2) would ask
 * the security modules too, and SELinux and Smack may refuse it. Only a file with an access control
 * list is left to access(2).
 */
int mayexec_mode_grants(int fd);

#endif
