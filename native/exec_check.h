#ifndef MAYEXEC_EXEC_CHECK_H
#define MAYEXEC_EXEC_CHECK_H

/*
 * execveat(2) with AT_EXECVE_CHECK (Linux 6.14) on an open fd, made on the
 * calling thread. 0 when the file may be executed, else -errno: -EACCES and
 * -EPERM are the kernel's no; -EINVAL, -ENOSYS mean that it was not asked.
 *
 * While the call runs, every clone(CLONE_FS) by a thread that shares the
 * caller's fs_struct fails with EAGAIN, and so does pthread_create. Only a
 * thread or process with an fs_struct of its own may call this, or one beside
 * which no thread is started: checker.h.
 *
 * name becomes argv[0], which is what strace and a tracing security module show.
 */
int mayexec_exec_check(int fd, const char *name);

/*
 * The same on what a directory has under a name, for many files one call of
 * three. The name has to be a single component; a symbolic link gives -ELOOP.
 * -EACCES may be the directory's, too: it has to be searchable.
 */
int mayexec_exec_check_at(int directory, const char *name);

/*
 * Whether the kernel can be asked, without a file: -EBADF when it can, -EINVAL
 * before Linux 6.14, -EPERM or -ENOSYS under a seccomp filter.
 */
int mayexec_exec_check_probe(void);

#endif
