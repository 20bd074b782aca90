/*
 * inject: run a command, some of whose system calls fail when a test says so.
 *
 * usage: inject CONTROL -- COMMAND [ARG...]
 *
 * A seccomp filter with a listener stops every call of the table below. While
 * CONTROL holds the number of one of them and a count, it is answered with the
 * errno there, and the count goes down; all other calls go on. CONTROL is four
 * numbers of 32 bits: system call, errno, count, and how often it was answered.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
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

#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif

static const uint32_t stopped[] = {SYS_openat2,   SYS_execveat, SYS_openat,  SYS_pread64,
                                   SYS_prctl,     SYS_unshare,  SYS_fstatfs, SYS_capget,
                                   SYS_fgetxattr, SYS_clone3,   SYS_fcntl,   SYS_newfstatat,
#ifdef SYS_fstat
                                   SYS_fstat
#endif
};
enum { STOPPED = sizeof stopped / sizeof *stopped, FAILED = 125 };

struct control {
  int32_t nr;
  int32_t error;
  int32_t count;
  int32_t answered;
};

static void die(const char *what) {
  perror(what);
  exit(FAILED);
}

/* Both processes share one table of fds, so the parent has the listener too. */
static int install(void) {
  struct sock_filter filter[STOPPED + 3];
  size_t n = 0;
  filter[n++] =
      (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  for (size_t i = 0; i < STOPPED; i++)
    filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, stopped[i],
                                               (uint8_t)(STOPPED - i), 0);
  filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
  struct sock_fprog program = {.len = (unsigned short)n, .filter = filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                      &program);
}

static void answer(int listener, volatile struct control *control) {
  for (;;) {
    struct seccomp_notif asked;
    memset(&asked, 0, sizeof asked);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) {
      if (errno == EINTR) continue;
      return; /* the last process of the command is gone */
    }
    struct seccomp_notif_resp response = {.id = asked.id,
                                          .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    if (control->count > 0 && asked.data.nr == control->nr) {
      control->count--;
      control->answered++;
      response.flags = 0;
      response.error = -control->error;
    }
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
