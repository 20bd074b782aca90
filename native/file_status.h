#ifndef MAYEXEC_FILE_STATUS_H
#define MAYEXEC_FILE_STATUS_H

/*
 * fstat and fstatat. Before 2.33 glibc had no such functions, but inline ones
 * over others that musl has not: a file for both calls the kernel, whose struct
 * stat is the C libraries' own on these machines.
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
