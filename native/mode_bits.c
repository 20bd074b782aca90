#define _GNU_SOURCE
#include "mode_bits.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "deadly_calls.h"
#include "file_facts.h"
#include "file_status.h"
#include "system_calls.h"

enum {
  /* How a user namespace shows an id that it does not map. No capability reaches such a file. */
  OVERFLOW_ID = 65534,
};

static int has_dac_override(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
  if (mayexec_syscall(SYS_capget, &header, data) != 0) return 0;
  return (data[0].effective & (UINT32_C(1) << CAP_DAC_OVERRIDE)) != 0;
}

/* 1 or 0, or -errno. */
static int is_member(gid_t group) {
  if (group == getegid()) return 1;
  const int count = getgroups(0, NULL);
  if (count < 0) return -errno;
  if (count == 0) return 0;
  gid_t *groups = calloc((size_t)count, sizeof *groups);
  if (groups == NULL) return -ENOMEM;
  const int got = getgroups(count, groups);
  int found = got < 0 ? -errno : 0;
  for (int i = 0; i < got; i++)
    if (groups[i] == group) found = 1;
  free(groups);
  return found;
}

/* The x bit of the class that this thread belongs to, or -errno. */
static int class_bit(const struct stat *st) {
  if (st->st_uid == geteuid()) return (st->st_mode & S_IXUSR) != 0;
  const int member = is_member(st->st_gid);
  if (member < 0) return member;
  return (st->st_mode & (member ? S_IXGRP : S_IXOTH)) != 0;
}

int mayexec_mode_grants(int fd) {
  struct stat st;
  if (mayexec_fstat(fd, &st) != 0) return -errno;
  if ((st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0) return 0;
  const int mapped = st.st_uid != OVERFLOW_ID && st.st_gid != OVERFLOW_ID;
  if (mapped && has_dac_override()) return 1;
  if (mayexec_syscall(SYS_fgetxattr, fd, "system.posix_acl_access", NULL, (size_t)0) < 0)
    return class_bit(&st);
  const int access = mayexec_exec_access(fd);
  return access == 0 ? 1 : access == -EACCES ? 0 : access;
}
