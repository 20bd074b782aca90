#define _GNU_SOURCE
#include "openat2.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "deadly_calls.h"
#include "system_calls.h"

enum {
  RESOLVE_BENEATH_BIT = 0x08,
  RESOLVE_IN_ROOT_BIT = 0x10,
  RESOLVE_CACHED_BIT = 0x20,
  KNOWN_RESOLVE = 0x3f,
  /* Under constant deliberate renames, one try in about a thousand fails. */
  EAGAIN_RETRIES = 128,
  /* Each needs a signal, unless a seccomp filter answers so for ever. */
  EINTR_RETRIES = 1024,
};

/* Our own copy, since <linux/openat2.h> and <fcntl.h> cannot both be included everywhere. */
struct open_how_v0 {
  uint64_t flags;
  uint64_t mode;
  uint64_t resolve;
};
_Static_assert(sizeof(struct open_how_v0) == 24, "OPEN_HOW_SIZE_VER0");

/* libc defines it as 0 on 64-bit machines, but the kernel knows the bit there too. */
#if defined(__x86_64__) || defined(__i386__) || defined(__riscv) || defined(__s390x__) || \
    defined(__loongarch__)
#define KERNEL_O_LARGEFILE UINT64_C(0100000)
#elif defined(__aarch64__) || defined(__arm__)
#define KERNEL_O_LARGEFILE UINT64_C(0400000)
#elif defined(__powerpc__)
#define KERNEL_O_LARGEFILE UINT64_C(0200000)
#else
#define KERNEL_O_LARGEFILE ((uint64_t)(unsigned)O_LARGEFILE)
#endif

static const uint64_t known_flags =
    (uint64_t)(unsigned)(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK |
                         O_SYNC | O_DSYNC | O_ASYNC | O_DIRECT | O_DIRECTORY | O_NOFOLLOW |
                         O_NOATIME | O_CLOEXEC | O_PATH | O_TMPFILE) |
    KERNEL_O_LARGEFILE | MAYEXEC_O_MAYEXEC | MAYEXEC_O_EMPTYPATH | MAYEXEC_OPENAT2_REGULAR;

static int call(int dirfd, const char *path, const struct open_how_v0 *how) {
  long fd = mayexec_syscall(SYS_openat2, dirfd, path, how, sizeof *how);
  return fd < 0 ? -errno : (int)fd;
}

/* Whether the kernel ignores bits 32 to 63: then it opens "/" as a regular file. */
static int high_bits_ignored(void) {
  struct open_how_v0 how = {.flags = O_RDONLY | O_CLOEXEC | MAYEXEC_OPENAT2_REGULAR};
  int fd = call(AT_FDCWD, "/", &how);
  if (fd < 0) return 0;
  (void)close(fd);
  return 1;
}

int mayexec_openat2(int dirfd, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
  if ((flags & ~known_flags) != 0 || (resolve & ~(uint64_t)KNOWN_RESOLVE) != 0) return -EINVAL;
  if (flags >> 32 != 0 && high_bits_ignored()) return -EINVAL;

  struct open_how_v0 how = {.flags = flags | O_CLOEXEC, .mode = mode, .resolve = resolve};
#if __SIZEOF_LONG__ == 4
  if ((flags & O_PATH) == 0) how.flags |= KERNEL_O_LARGEFILE;
#endif

  int retries = 0;
  if ((resolve & (RESOLVE_BENEATH_BIT | RESOLVE_IN_ROOT_BIT)) != 0 &&
      (resolve & RESOLVE_CACHED_BIT) == 0)
    retries = EAGAIN_RETRIES;

  for (int interrupted = 0;;) {
    int fd = call(dirfd, path, &how);
    if (fd == -EINTR && interrupted++ < EINTR_RETRIES) continue;
    if (fd != -EAGAIN || retries-- == 0) return fd;
    (void)sched_yield();
  }
}

int mayexec_openat2_probe(int dirfd, const char *path, uint64_t flags, uint64_t resolve) {
  int fd = mayexec_openat2(dirfd, path, flags, 0, resolve);
  if (fd < 0) return fd;
  (void)close(fd);
  return 0;
}
