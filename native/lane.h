#ifndef MAYEXEC_LANE_H
#define MAYEXEC_LANE_H

/* A thread with its own fs_struct that makes one check after another: see checker.h. */
struct mayexec_lane {
  struct mayexec_lane *next;
  unsigned restrictions; /* mayexec_restrictions() before it was started */
  struct mayexec_lane_state *state;
};

/* Starts a lane with the caller's credentials. 0, or -errno. */
int mayexec_lane_start(struct mayexec_lane **lane);

/*
 * Calls work(arg) on the lane, and waits. 0 and the answer, or -errno. -ECHILD means that
 * the thread has gone, which a seccomp filter can cause. On failure the lane is freed, and
 * *lane is NULL.
 *
 * With awake the caller waits awake at first, which is shorter. Several that do so at once
 * would keep the lanes themselves from the processors.
 */
int mayexec_lane_run(struct mayexec_lane **lane, int awake, int (*work)(void *), void *arg,
                     int *answer);

/* Ends an idle lane and frees it. */
void mayexec_lane_end(struct mayexec_lane *lane);

#endif
