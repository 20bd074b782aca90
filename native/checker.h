#ifndef MAYEXEC_CHECKER_H
#define MAYEXEC_CHECKER_H

/*
 * Makes exec checks where they cannot hurt the rest of the process.
 *
 * A check made on a thread that shares its fs_struct makes every concurrent
 * pthread_create of the process fail with EAGAIN (exec_check.h). So a checker
 * keeps threads that have left the shared fs_struct with unshare(CLONE_FS). Where
 * a seccomp filter forbids unshare, as the default profile of containers does,
 * such a thread makes each check in a short-lived child of clone(CLONE_VM |
 * CLONE_VFORK), which has an fs_struct of its own too.
 *
 * One slow file holds up only those who ask about it: there is a lane, which is
 * one such thread, for each question that can be under way.
 *
 * A checker belongs to one JavaScript thread, the owner, and only the owner starts
 * lanes: they inherit its credentials. set*id() of libc reaches them; a Landlock
 * domain does not, so a lane is not asked any more once the process has been
 * restricted again (restrictions.h), whichever copy of this addon did that.
 */
struct mayexec_checker;

/* A check's result when it could not be made for a reason of this machinery's own,
 * and how such a result is told from those of the kernel, which end at -4095. */
#define MAYEXEC_UNASKED(error) ((error)-4096)

/* 0, or -errno. Starts nothing yet. */
int mayexec_checker_open(struct mayexec_checker **checker);

/* On the owner's thread, before another thread will ask: there will be a lane for it. */
void mayexec_checker_reserve(struct mayexec_checker *checker);

/* On the owner's thread, when that question has been answered, or will not be asked. */
void mayexec_checker_unreserve(struct mayexec_checker *checker);

/* On the owner's thread, after its credentials have changed: new lanes for those
 * that are reserved. The next check on the owner's thread does the same. */
void mayexec_checker_renew(struct mayexec_checker *checker);

/* Who asks: the owner, who can start a lane, or another thread, with a reservation. */
enum mayexec_asker { MAYEXEC_OWNER, MAYEXEC_RESERVED };

/*
 * mayexec_exec_check(fd, name), or MAYEXEC_UNASKED(-errno): -EAGAIN when there is no
 * thread to be had, -EPERM when a filter forbids every way, -ECHILD when it killed
 * the thread. ETXTBSY, which a writer that is about to close causes, is tried again
 * for about ten milliseconds.
 */
int mayexec_checker_check(struct mayexec_checker *checker, enum mayexec_asker asker, int fd,
                          const char *name);

/*
 * Calls work(arg) where many checks may be made, waits for it, and returns what it
 * returned, or MAYEXEC_UNASKED(-errno). The work must not allocate, take locks or
 * end its thread: it may run in a child that shares the memory.
 */
int mayexec_checker_run(struct mayexec_checker *checker, enum mayexec_asker asker,
                        int (*work)(void *), void *arg);

/*
 * The check on the calling thread, which saves the hand-over. Only while no other
 * thread of the process could be starting a thread.
 */
int mayexec_check_here(int fd, const char *name);

/* Ends the lanes and frees everything. No check may be under way. */
void mayexec_checker_close(struct mayexec_checker *checker);

#endif
