#ifndef MAYEXEC_SECUREBITS_H
#define MAYEXEC_SECUREBITS_H

/* The securebits of the calling thread (they belong to a thread, not to the
 * process), or -errno. */
int mayexec_get_securebits(void);

/* Replaces the securebits of the calling thread. 0, or -errno: -EPERM when a
 * lock or a missing CAP_SETPCAP forbids the change. */
int mayexec_set_securebits(unsigned bits);

#endif
