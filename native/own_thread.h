#ifndef MAYEXEC_OWN_THREAD_H
#define MAYEXEC_OWN_THREAD_H

#include <pthread.h>

/*
 * Starts a thread of the addon's own. It has the caller's credentials, a small stack, and blocks
 * all signals but those that it causes itself. 0, or -errno.
 */
int mayexec_start_thread(pthread_t *thread, void *(*run)(void *), void *arg);

/* The number of the calling thread. */
int mayexec_thread_number(void);

/*
 * Joins the thread if it has ended, and returns 1. Otherwise 0. A seccomp filter can end a thread
 * and leave the process alive. musl waits for ever for such a thread, so that is not joined there.
 */
int mayexec_has_ended(pthread_t thread, int number);

#endif
