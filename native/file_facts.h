#ifndef MAYEXEC_FILE_FACTS_H
#define MAYEXEC_FILE_FACTS_H

/*
 * Facts about an open fd (O_PATH too) without the exec check. A denial's reason and the
 * emulated check are built from them.
 */

/* st_mode, or -errno. */
int mayexec_file_mode(int fd);

enum { MAYEXEC_FILE_IDENTITY = 48 };

/* The device and inode numbers, "1:2". 0, or -errno. */
int mayexec_file_identity(int fd, char text[MAYEXEC_FILE_IDENTITY]);

/* 0 when access(2) grants X_OK to the effective ids, -EACCES when not, or
 * another -errno. */
int mayexec_exec_access(int fd);

/* 1 when the fd was opened through a noexec mount, 0 when not, or -errno. */
int mayexec_on_noexec_mount(int fd);

/*
 * For a file of a file system that the kernel itself fills, such as procfs: 2 when nothing on
 * it can be executed, whatever modes and mount options say, and 1 otherwise. 0 for every other
 * file, or -errno.
 */
int mayexec_kernel_file(int fd);

#endif
