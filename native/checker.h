#ifndef MAYEXEC_CHECKER_H
#define MAYEXEC_CHECKER_H

/*
 * Makes exec checks where they cannot harm the rest of the process.
 *
 * While a check runs on a thread that shares its fs_struct, every pthread_create of the
 * process fails with EAGAIN (exec_check.h). So a checker keeps threads that have left the
 * shared fs_struct with unshare(CLONE_FS). Some seccomp filters forbid unshare, as the
 * default profile of containers does. Then such a thread makes each check in a short-lived
 * child of clone(CLONE_VM | CLONE_VFORK), which has its own fs_struct too.
 *
 * One such thread is a lane. Each check that can be in progress has its own lane, so a slow
 * file delays only the callers that ask about it.
 *
 * A checker belongs to one JavaScript thread, the owner. Only the owner starts lanes,
 * because they inherit its credentials. libc's set*id() reaches them. A Landlock domain
 * does not. So once any copy of this addon has restricted the process again
 * (restrictions.h), older lanes are no longer used.
 */
struct mayexec_checker;

/*
 * The result of a check that this machinery could not make. It differs from every kernel
 * error, since those end at -4095.
 */
#define MAYEXEC_UNASKED(error) ((error)-4096)

/* 0, or -errno. Starts no thread yet. */
int mayexec_checker_open(struct mayexec_checker **checker);

/* On the owner's thread, before another thread makes a check: reserves a lane for it. */
void mayexec_checker_reserve(struct mayexec_checker *checker);

/* On the owner's thread, when that check was made or will not be made. */
void mayexec_checker_unreserve(struct mayexec_checker *checker);

/*
 * On the owner's thread, after its credentials have changed: replaces the reserved lanes.
 * The next check on the owner's thread does the same.
 */
void mayexec_checker_renew(struct mayexec_checker *checker);

/* The asking thread: the owner, which can start a lane, or another one with a reservation. */
enum mayexec_asker { MAYEXEC_OWNER, MAYEXEC_RESERVED };

/*
 * mayexec_exec_check(fd, name), or MAYEXEC_UNASKED(-errno): -EAGAIN when no thread is
 * available, -EPERM when a filter forbids every way, -ECHILD when it killed the thread. A
 * writer that is about to close causes ETXTBSY, so the check is retried for about ten
 * milliseconds.
 */
int mayexec_checker_check(struct mayexec_checker *checker, enum mayexec_asker asker, int fd,
                          const char *name);

/*
 * Calls work(arg) on a thread where many checks may be made, and waits for it. Returns its
 * result, or MAYEXEC_UNASKED(-errno). The work must not allocate, take locks or end its
 * thread: it may run in a child that shares the memory.
 */
int mayexec_checker_run(struct mayexec_checker *checker, enum mayexec_asker asker,
                        int (*work)(void *), void *arg);

/*
 * Makes the check on the calling thread, which saves the hand-over. Use it only while no
 * other thread of the process could start a thread.
 */
int mayexec_check_here(int fd, const char *name);

/* Ends the lanes and frees everything. No check may be in progress. */
void mayexec_checker_close(struct mayexec_checker *checker);

#endif
