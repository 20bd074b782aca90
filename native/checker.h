#ifndef MAYEXEC_CHECKER_H
#define MAYEXEC_CHECKER_H

/*
 * Makes exec checks where they cannot hurt the rest of the process.
 *
 * A check made on a thread that shares its fs_struct makes every concurrent
 * pthread_create of the process fail with EAGAIN (exec_check.h). So a checker
 * keeps one thread that has left the shared fs_struct with unshare(CLONE_FS),
 * started at its first check. Where a seccomp filter forbids unshare, as the
 * default profile of containers does, each check runs in a short-lived child
 * made by clone(CLONE_VM | CLONE_VFORK), which has an fs_struct of its own too.
 *
 * The thread has the credentials of the thread that made the first check.
 * set*id() of libc reaches it; what the kernel keeps by thread (a Landlock
 * domain, capset) does not, so restart the checker after such a change.
 */
struct mayexec_checker;

/* 0, or -ENOMEM. Starts nothing yet. */
int mayexec_checker_open(struct mayexec_checker **checker);

/*
 * mayexec_exec_check(fd, name), from any thread. ETXTBSY, which a writer that
 * is about to close causes, is tried again for about ten milliseconds.
 */
int mayexec_checker_check(struct mayexec_checker *checker, int fd, const char *name);

/*
 * Calls work(arg) where many checks may be made, waits for it, and returns what
 * it returned, or -errno when it could not be called. The work must not allocate,
 * take locks or end its thread: it may run in a child that shares the memory.
 */
int mayexec_checker_run(struct mayexec_checker *checker, int (*work)(void *), void *arg);

/*
 * mayexec_checker_check on the calling thread, which saves the hand-over. Only while no other
 * thread of the process could be starting a thread.
 */
int mayexec_check_here(int fd, const char *name);

/*
 * Ends the thread and starts another, with the credentials of the caller. 0, or
 * -errno when there is none now: then the next check tries to start one.
 */
int mayexec_checker_restart(struct mayexec_checker *checker);

/* Ends the thread and frees it. No check may be under way. */
void mayexec_checker_close(struct mayexec_checker *checker);

#endif
