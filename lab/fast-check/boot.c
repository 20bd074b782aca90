/*
 * boot: the first process of the guest in qemu, which has no file system but
 * its initramfs.
 *
 * usage: boot before|after
 *
 * Runs /verdicts, /executions and /figures, says how each ended, and restarts
 * the machine, which ends qemu.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void restart(void) {
  fflush(NULL);
  reboot(RB_AUTOBOOT);
  /* Only a guest that cannot be restarted comes here: the kernel panics. */
  _exit(EXIT_FAILURE);
}

static _Noreturn void die(const char *what) {
  printf("boot: %s: %s\n", what, strerror(errno));
  restart();
}

static void run(const char *path, const char *argument) {
  char *const argv[] = {(char *)path, (char *)argument, NULL}, *const envp[] = {NULL};
  const pid_t child = fork();

  if (child < 0) die("fork");
  if (child == 0) {
    execve(path, argv, envp);
    _exit(127);
  }
  for (;;) {
    int status;
    const pid_t ended = wait(&status);

    if (ended < 0) die("wait");
    /* A first process is also the parent of every orphan. */
    if (ended != child) continue;
    printf("%s ended %d\n", path + 1,
           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return;
  }
}

int main(int argc, char **argv) {
  if (argc != 2) {
    errno = EINVAL;
    die("arguments");
  }
  if (mkdir("/proc", 0755) != 0 || mount("proc", "/proc", "proc", 0, NULL) != 0) die("/proc");
  if (mkdir("/tmp", 01777) != 0 || mount("tmpfs", "/tmp", "tmpfs", 0, "mode=1777") != 0)
    die("/tmp");
  if ((mkdir("/dev", 0755) != 0 && errno != EEXIST) ||
      (mknod("/dev/null", S_IFCHR | 0666, makedev(1, 3)) != 0 && errno != EEXIST))
    die("/dev/null");
  run("/verdicts", argv[1]);
  run("/executions", NULL);
  run("/figures", NULL);
  restart();
}
