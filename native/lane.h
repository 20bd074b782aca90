#ifndef MAYEXEC_LANE_H
#define MAYEXEC_LANE_H

/* A thread that makes one check after the other, on an fs_struct of its own: see checker.h. */
struct mayexec_lane {
  struct mayexec_lane *next;
  unsigned restrictions; /* mayexec_restrictions() before it was started */
  struct mayexec_lane_state *state;
};

/* Starts one, with the credentials of the caller. 0, or -errno. */
int mayexec_lane_start(struct mayexec_lane **lane);

/*
 * Has it call work(arg), and waits. 0 and the answer, or -errno when that could not
 * be done: -ECHILD when the thread has gone, which a seccomp filter can cause. Then
 * the lane is freed, and NULL.
 */
int mayexec_lane_run(struct mayexec_lane **lane, int (*work)(void *), void *arg, int *answer);

/* Ends an idle one and frees it. */
void mayexec_lane_end(struct mayexec_lane *lane);

#endif
