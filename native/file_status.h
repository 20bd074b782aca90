#ifndef MAYEXEC_FILE_STATUS_H
#define MAYEXEC_FILE_STATUS_H

/*
 * fstat and fstatat. glibc before 2.33 has them only as inline functions over symbols that
 * musl lacks. A binary for both calls the kernel: its struct stat is the same as that of
 * the C libraries on these machines.
 */
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int mayexec_fstat(int fd, struct stat *status) {
#if defined(__x86_64__) || defined(__aarch64__)
  return (int)syscall(SYS_fstat, fd, status);
#else
  return fstat(fd, status);
#endif
}

static inline int mayexec_fstatat(int dir, const char *name, struct stat *status, int flags) {
#if defined(__x86_64__) || defined(__aarch64__)
  return (int)syscall(SYS_newfstatat, dir, name, status, flags);
#else
  return fstatat(dir, name, status, flags);
#endif
}

#endif
