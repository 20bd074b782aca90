#define _GNU_SOURCE
#include "file_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "deadly_calls.h"
#include "file_status.h"
#include "system_calls.h"

int mayexec_file_mode(int fd) {
  struct stat status;
  return mayexec_fstat(fd, &status) == 0 ? (int)status.st_mode : -errno;
}

int mayexec_file_identity(int fd, char text[MAYEXEC_FILE_IDENTITY]) {
  struct stat status;
  if (mayexec_fstat(fd, &status) != 0) return -errno;
  (void)snprintf(text, MAYEXEC_FILE_IDENTITY, "%llu:%llu", (unsigned long long)status.st_dev,
                 (unsigned long long)status.st_ino);
  return 0;
}

int mayexec_exec_access(int fd) {
  if (fd < 0) return -EBADF;
  /* Called directly, since glibc before 2.33 knows no AT_EMPTY_PATH here. */
  if (mayexec_syscall(SYS_faccessat2, fd, "", X_OK, AT_EACCESS | AT_EMPTY_PATH) == 0) return 0;
  if (errno != ENOSYS && errno != EPERM) return -errno;

  /*
   * Before Linux 5.8, or under a seccomp filter. Not libc's faccessat, which makes the same
   * call. This call checks the real ids, so it cannot serve a setuid program.
   */
  if (getuid() != geteuid() || getgid() != getegid()) return -errno;
  char path[sizeof "/proc/self/fd/" + 3 * sizeof fd];
  (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return syscall(SYS_faccessat, AT_FDCWD, path, X_OK) == 0 ? 0 : -errno;
}

int mayexec_on_noexec_mount(int fd) {
  if (fd < 0) return -EBADF;
  if (mayexec_is_deadly(SYS_fstatfs)) return -EPERM;
  struct statvfs mount;
  if (fstatvfs(fd, &mount) != 0) return -errno;
  return (mount.f_flag & ST_NOEXEC) != 0;
}

/* The headers may lack some of these names. */
enum {
  MQUEUE_FS = 0x19800202,
  FUSECTL_FS = 0x65735543,
  CONFIGFS_FS = 0x62656570,
  PIDFS = 0x50494446,
};

static const struct {
  uint32_t type;
  int never_executes; /* the kernel's SB_I_NOEXEC, which statvfs(3) does not show */
} kernel_file_systems[] = {
    {PROC_SUPER_MAGIC, 1}, {SYSFS_MAGIC, 1},    {CGROUP_SUPER_MAGIC, 1}, {CGROUP2_SUPER_MAGIC, 1},
    {BINFMTFS_MAGIC, 1},   {MQUEUE_FS, 1},      {BPF_FS_MAGIC, 0},       {SECURITYFS_MAGIC, 0},
    {SELINUX_MAGIC, 0},    {SMACK_MAGIC, 0},    {DEBUGFS_MAGIC, 0},      {TRACEFS_MAGIC, 0},
    {PSTOREFS_MAGIC, 0},   {EFIVARFS_MAGIC, 0}, {CONFIGFS_FS, 0},        {FUSECTL_FS, 0},
    {NSFS_MAGIC, 0},       {PIDFS, 0},
};

int mayexec_kernel_file(int fd) {
  if (fd < 0) return -EBADF;
  if (mayexec_is_deadly(SYS_fstatfs)) return -EPERM;
  struct statfs status;
  if (fstatfs(fd, &status) != 0) return -errno;
  const size_t count = sizeof kernel_file_systems / sizeof kernel_file_systems[0];
  for (size_t i = 0; i < count; i++) {
    if (kernel_file_systems[i].type == (uint32_t)status.f_type)
      return 1 + kernel_file_systems[i].never_executes;
  }
  return 0;
}
