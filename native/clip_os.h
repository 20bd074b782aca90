#ifndef MAYEXEC_CLIP_OS_H
#define MAYEXEC_CLIP_OS_H

/*
 * Opens path with open(2), with CLIP OS 4's own O_MAYEXEC if with_flag is set, and closes it.
 * Returns 0 or -errno. That kernel answers EACCES for a regular file or a directory on a mount
 * with noexec. Every other kernel ignores the bit.
 */
int mayexec_clip_os_open(const char *path, int with_flag);

#endif
