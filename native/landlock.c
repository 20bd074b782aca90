#define _GNU_SOURCE
#include "landlock.h"

#include <errno.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "deadly_calls.h"
#include "system_calls.h"

enum {
  CREATE_RULESET_VERSION = 1 << 0,
  RULE_PATH_BENEATH = 1,
  ABI_WITH_REFER = 2,
  ABI_WITH_LOG_FLAGS = 7, /* Linux 6.15 */
  ABI_WITH_TSYNC = 8,     /* Linux 7.0 */
  RESTRICT_SELF_LOG_NEW_EXEC_ON = 1 << 1,
  RESTRICT_SELF_TSYNC = 1 << 3,
};

#define ACCESS_FS_EXECUTE (UINT64_C(1) << 0)
#define ACCESS_FS_REFER (UINT64_C(1) << 13)

/* Our own copy, since libc's headers are older than many kernels. */
struct ruleset_v1 {
  uint64_t handled_access_fs;
};

struct path_beneath {
  uint64_t allowed_access;
  int32_t parent_fd;
} __attribute__((packed));
_Static_assert(sizeof(struct path_beneath) == 12, "struct landlock_path_beneath_attr");

int mayexec_landlock_abi(void) {
  long abi = mayexec_syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, CREATE_RULESET_VERSION);
  return abi < 0 ? -errno : (int)abi;
}

static int allow(int ruleset, int fd, uint64_t access) {
  struct path_beneath rule = {.allowed_access = access, .parent_fd = fd};
  return syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0 ? 0 : -errno;
}

static int restrict_self(int ruleset, unsigned flags) {
  return syscall(SYS_landlock_restrict_self, ruleset, flags) == 0 ? 0 : -errno;
}

/* 0, MAYEXEC_NO_NEW_PRIVS, or -errno */
static int enforce(int ruleset, unsigned flags) {
  int result = restrict_self(ruleset, flags);
  if (result != -EPERM) return result;
  /* Without CAP_SYS_ADMIN the kernel demands this: the domain could mislead a setuid program. */
  if (prctl(PR_GET_NO_NEW_PRIVS, 0UL, 0UL, 0UL, 0UL) != 0) return result;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) != 0) return -errno;
  result = restrict_self(ruleset, flags);
  return result == 0 ? MAYEXEC_NO_NEW_PRIVS : result;
}

int mayexec_landlock_restrict_exec(int root, const int *allowed, size_t count) {
  int abi = mayexec_landlock_abi();
  if (abi < 0) return abi;
  uint64_t refer = abi >= ABI_WITH_REFER ? ACCESS_FS_REFER : 0;

  struct ruleset_v1 attributes = {.handled_access_fs = ACCESS_FS_EXECUTE | refer};
  /* The kernel makes the fd close-on-exec. */
  long ruleset = syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
  if (ruleset < 0) return -errno;

  int result = refer != 0 ? allow((int)ruleset, root, refer) : 0;
  for (size_t i = 0; result == 0 && i < count; i++)
    result = allow((int)ruleset, allowed[i], ACCESS_FS_EXECUTE);
  /* By default the kernel logs no refusal after an execve. */
  const unsigned log = abi >= ABI_WITH_LOG_FLAGS ? RESTRICT_SELF_LOG_NEW_EXEC_ON : 0;
  const unsigned all = abi >= ABI_WITH_TSYNC ? RESTRICT_SELF_TSYNC : 0;
  if (result == 0) result = enforce((int)ruleset, log | all);
  if (result >= 0 && all != 0) result |= MAYEXEC_ALL_THREADS;
  (void)close((int)ruleset);
  return result;
}
