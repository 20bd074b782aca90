/*
 * check-clip-os: is this kernel's O_MAYEXEC what CLIP OS 4 is described to have?
 *
 * Run as root in a guest of the lab: it mounts tmpfs. It asks the kernel alone, without the
 * project's own code, so that a failing test of the project can be told from a wrong kernel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define O_MAYEXEC 040
#define WORK "/tmp/clip-os-check"

static int passed, wrong;

static void die(const char *what) {
  fprintf(stderr, "check-clip-os: %s: %s\n", what, strerror(errno));
  exit(EXIT_FAILURE);
}

static int answer(long fd) {
  if (fd < 0) return errno;
  if (close((int)fd) != 0) die("close");
  return 0;
}

static void expect(int got, int want, const char *where, const char *path, const char *call) {
  if (got == want) {
    passed++;
    return;
  }
  wrong++;
  printf("wrong: %s %s %s: %s, expected %s\n", where, path, call,
         got ? strerrorname_np(got) : "success", want ? strerrorname_np(want) : "success");
}

static void ask(const char *where, const char *path, int flags, int want) {
  struct open_how how = {.flags = (uint64_t)(flags | O_MAYEXEC)};

  expect(answer(syscall(SYS_open, path, flags)), 0, where, path, "open without the flag");
  expect(answer(syscall(SYS_open, path, flags | O_MAYEXEC)), want, where, path, "open");
  expect(answer(syscall(SYS_openat, AT_FDCWD, path, flags | O_MAYEXEC)), want, where, path,
         "openat");
  expect(answer(syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how))), EINVAL, where, path,
         "openat2");
}

static void make_file(const char *path, mode_t mode) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

  if (fd < 0 || fchmod(fd, mode) != 0 || close(fd) != 0) die(path);
}

static void check_mount(const char *where, unsigned long flags) {
  const int refused = flags & MS_NOEXEC ? EACCES : 0;

  if (mkdir(where, 0700) != 0) die(where);
  if (mount("check", where, "tmpfs", flags, "size=64k,mode=0700") != 0) die("mount");
  if (chdir(where) != 0) die("chdir");
  make_file("exec", 0500);
  make_file("noexec", 0400);
  if (mkdir("dir", 0700) != 0 || mkfifo("fifo", 0700) != 0 || symlink("exec", "link") != 0)
    die("fixture");
  /* The x bits are not looked at. */
  ask(where, "exec", O_RDONLY, refused);
  ask(where, "noexec", O_RDONLY, refused);
  ask(where, "link", O_RDONLY, refused);
  ask(where, "dir", O_RDONLY, refused);
  ask(where, ".", O_RDONLY | O_DIRECTORY, refused);
  /* Nor is any other type of file. */
  ask(where, "fifo", O_RDONLY | O_NONBLOCK, 0);
  if (chdir("/") != 0) die("chdir");
}

int main(void) {
  if (mkdir(WORK, 0700) != 0) die(WORK);
  check_mount(WORK "/exec", 0);
  check_mount(WORK "/noexec", MS_NOEXEC);
  printf("%d as expected, %d wrong\n", passed, wrong);
  return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
