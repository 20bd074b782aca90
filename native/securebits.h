#ifndef MAYEXEC_SECUREBITS_H
#define MAYEXEC_SECUREBITS_H

/*
 * The securebits of the calling thread, or -errno. They belong to a thread and not to the
 * process.
 */
int mayexec_get_securebits(void);

/* Replaces the securebits of the calling thread. 0, or -errno: -EPERM when a
 * lock or a missing CAP_SETPCAP forbids the change. */
int mayexec_set_securebits(unsigned bits);

#endif
