#ifndef MAYEXEC_FILE_FACTS_H
#define MAYEXEC_FILE_FACTS_H

/*
 * What can be learned about an open fd (O_PATH too) without the exec check: the
 * material of a denial's reason, and of the emulated check.
 */

/* 0 when access(2) grants X_OK to the effective ids, -EACCES when not, or
 * another -errno. */
int mayexec_exec_access(int fd);

/* 1 when the mount that the fd was opened through is noexec, 0 when not, or -errno. */
int mayexec_on_noexec_mount(int fd);

#endif
