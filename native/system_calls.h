#ifndef MAYEXEC_SYSTEM_CALLS_H
#define MAYEXEC_SYSTEM_CALLS_H

#include <sys/syscall.h>

/* Numbers that the headers may lack. They are the same on every architecture but alpha. */
#ifdef __alpha__
enum { MAYEXEC_ALPHA = 110 };
#else
enum { MAYEXEC_ALPHA = 0 };
#endif

#ifndef SYS_pidfd_open
#define SYS_pidfd_open (434 + MAYEXEC_ALPHA)
#endif
#ifndef SYS_openat2
#define SYS_openat2 (437 + MAYEXEC_ALPHA)
#endif
#ifndef SYS_faccessat2
#define SYS_faccessat2 (439 + MAYEXEC_ALPHA)
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset (444 + MAYEXEC_ALPHA)
#define SYS_landlock_add_rule (445 + MAYEXEC_ALPHA)
#define SYS_landlock_restrict_self (446 + MAYEXEC_ALPHA)
#endif

#endif
