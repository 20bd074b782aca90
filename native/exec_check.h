#ifndef MAYEXEC_EXEC_CHECK_H
#define MAYEXEC_EXEC_CHECK_H

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

/*
 * execveat(2) with AT_EXECVE_CHECK (Linux 6.14) on an open fd, on the calling thread. 0
 * when the file may be executed, else -errno. -EACCES and -EPERM are the kernel's refusal.
 * -EINVAL and -ENOSYS mean that the kernel made no check.
 *
 * While the call runs, clone(CLONE_FS) and pthread_create fail with EAGAIN on every thread
 * that shares the caller's fs_struct. So the caller must have its own fs_struct, or no
 * other thread may be starting a thread: checker.h.
 *
 * name becomes argv[0], which strace and a tracing security module show.
 */
int mayexec_exec_check(int fd, const char *name);

/*
 * The check of a name in a directory. For many files this saves two of three calls. The name has to
 * be a single component. A symbolic link gives -ELOOP. -EACCES may also come from the directory,
 * which has to be searchable.
 */
int mayexec_exec_check_at(int directory, const char *name);

/*
 * Whether the kernel can make the check, found without a file: -EBADF when it can, -EINVAL
 * before Linux 6.14, -EPERM or -ENOSYS under a seccomp filter.
 */
int mayexec_exec_check_probe(void);

#endif
