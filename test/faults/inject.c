/*
 * inject: run a command, some of whose system calls fail when a test says so.
 *
 * usage: inject CONTROL -- COMMAND [ARG...]
 *
 * A seccomp filter with a listener stops every system call. While `watches` in CONTROL is not 0,
 * each call is noted there, and a call that one of the faults names is answered with its errno:
 * first it goes on as often as `skip` says, then it fails as often as `count` says. All other calls
 * go on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAILED = 125, FAULTS = 2, NUMBERS = 512 };

struct fault {
  int32_t nr;
  int32_t error;
  int32_t skip;
  int32_t count;
  int32_t answered;
};

/* As test/faults/program.mjs writes and reads it. */
struct control {
  int32_t watches;
  struct fault faults[FAULTS];
  uint8_t seen[NUMBERS];
};

static void die(const char *what) {
  perror(what);
  exit(FAILED);
}

/* Both processes share one table of fds, so the parent has the listener too. */
static int install(void) {
  struct sock_filter filter[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF)};
  struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                      &program);
}

/* Memory without a file is what the runtime takes for itself, at any time. */
static int is_runtimes(const struct seccomp_data *call) {
  return call->nr == SYS_mmap && (int)call->args[4] == -1;
}

/* The errno that the call shall fail with, or 0. */
static int error_for(volatile struct control *control, const struct seccomp_data *call) {
  if (control->watches == 0 || is_runtimes(call)) return 0;
  if (call->nr >= 0 && call->nr < NUMBERS) control->seen[call->nr] = 1;
  for (int i = 0; i < FAULTS; i++) {
    volatile struct fault *fault = &control->faults[i];
    if (fault->nr != call->nr || fault->count == 0) continue;
    if (fault->skip > 0) {
      fault->skip--;
      continue;
    }
    fault->count--;
    fault->answered++;
    return fault->error;
  }
  return 0;
}

static void answer(int listener, volatile struct control *control) {
  for (;;) {
    struct seccomp_notif asked;
    memset(&asked, 0, sizeof asked);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) {
      if (errno == EINTR) continue;
      return; /* the last process of the command is gone */
    }
    const int error = error_for(control, &asked.data);
    struct seccomp_notif_resp response = {.id = asked.id, .error = -error};
    if (error == 0) response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    /* ENOENT: a signal ended the call meanwhile. */
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) != 0 && errno != ENOENT) return;
  }
}

int main(int argc, char **argv) {
  if (argc < 4 || strcmp(argv[2], "--") != 0) {
    fprintf(stderr, "usage: inject CONTROL -- COMMAND [ARG...]\n");
    return FAILED;
  }
  int fd = open(argv[1], O_RDWR | O_CLOEXEC);
  if (fd < 0) die(argv[1]);
  struct control *control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (control == MAP_FAILED) die("mmap");
  volatile int *listener =
      mmap(NULL, sizeof *listener, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (listener == MAP_FAILED) die("mmap");
  *listener = -2;

  pid_t child = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
  if (child < 0) die("clone");
  if (child == 0) {
    int made = install();
    *listener = made;
    if (made >= 0) (void)execvp(argv[3], argv + 3);
    perror(argv[3]);
    _exit(FAILED);
  }
  while (*listener == -2) {
    if (waitpid(child, NULL, WNOHANG) == child) return FAILED;
    (void)sched_yield();
  }
  if (*listener < 0) return FAILED;
  /* The listener is closed by the child's execve only in the child's table. */
  answer(*listener, control);
  int status;
  if (waitpid(child, &status, 0) != child) die("waitpid");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
