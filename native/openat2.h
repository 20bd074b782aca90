#ifndef MAYEXEC_OPENAT2_H
#define MAYEXEC_OPENAT2_H

#include <stdint.h>

/* Bits of open_how.flags that no libc header has yet. */
#define MAYEXEC_O_EMPTYPATH (UINT64_C(1) << 26)     /* Linux 7.2 */
#define MAYEXEC_OPENAT2_REGULAR (UINT64_C(1) << 32) /* Linux 7.2 */

/*
 * The flag of the unmerged O_MAYEXEC series. On alpha the bit is O_PATH, on parisc
 * __O_TMPFILE and on sparc __O_SYNC, so it is not defined there.
 */
#if defined(__alpha__) || defined(__hppa__) || defined(__sparc__)
#define MAYEXEC_O_MAYEXEC UINT64_C(0)
#else
#define MAYEXEC_O_MAYEXEC UINT64_C(040000000)
#endif

/*
 * openat2(2). The new fd, always close-on-exec, or -errno.
 *
 * Unknown bits of flags and resolve give -EINVAL without a call, because Linux 5.6 to 5.13
 * silently ignores bits 32 to 63 of flags. Any rename on the system can make
 * RESOLVE_BENEATH and RESOLVE_IN_ROOT fail with EAGAIN. That is retried a bounded number of
 * times. After a RESOLVE_CACHED miss, EAGAIN is the answer.
 */
int mayexec_openat2(int dirfd, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);

/* Whether openat2 would succeed: 0, with nothing left open, or -errno. */
int mayexec_openat2_probe(int dirfd, const char *path, uint64_t flags, uint64_t resolve);

#endif
