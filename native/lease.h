#ifndef MAYEXEC_LEASE_H
#define MAYEXEC_LEASE_H

#include <time.h>

/*
 * With O_NONBLOCK the kernel answers EAGAIN while a process holds a lease on the file (Samba,
 * nfsd), and signals the holder. It breaks a lease that is not given up in time
 * (/proc/sys/fs/lease-break-time), so retries end. Waits before the next one. wait_ns begins as 0.
 */
static inline void mayexec_await_lease(long *wait_ns) {
  enum { FIRST_NS = 500 * 1000, LONGEST_NS = 16 * 1000 * 1000 };
  *wait_ns = *wait_ns == 0 ? FIRST_NS : *wait_ns < LONGEST_NS ? 2 * *wait_ns : *wait_ns;
  (void)nanosleep(&(struct timespec){.tv_nsec = *wait_ns}, NULL);
}

#endif
