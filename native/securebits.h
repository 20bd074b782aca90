#ifndef MAYEXEC_SECUREBITS_H
#define MAYEXEC_SECUREBITS_H

/* SECBIT_EXEC_*; capabilities(7). */
enum {
  MAYEXEC_RESTRICT_FILE = 1 << 8,
  MAYEXEC_RESTRICT_FILE_LOCKED = 1 << 9,
  MAYEXEC_DENY_INTERACTIVE = 1 << 10,
  MAYEXEC_DENY_INTERACTIVE_LOCKED = 1 << 11,
};

/*
 * The securebits of the calling thread, or -errno. They belong to a thread and not to the
 * process.
 */
int mayexec_get_securebits(void);

/* Replaces the securebits of the calling thread. 0, or -errno: -EPERM when a
 * lock or a missing CAP_SETPCAP forbids the change. */
int mayexec_set_securebits(unsigned bits);

#endif
