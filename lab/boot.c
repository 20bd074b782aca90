/*
 * boot: the first program of a guest in qemu. Makes the machine's files the root, and becomes init.
 *
 * From the kernel's command line, as environment variables:
 *   lab_init  the program that init.c makes
 *
 * It is /init of the initramfs, beside the kernel modules that it loads.
 *
 * Build: cc -std=c11 -Wall -Wextra -Werror -O2 -static -o boot boot.c
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
#include <sys/syscall.h>
#include <unistd.h>

/* Each needs those before it. */
static const char *const modules[] = {"/netfs.ko", "/9pnet.ko", "/9pnet_virtio.ko", "/9p.ko"};

static _Noreturn void die(const char *what) {
  printf("boot: %s: %s\n", what, strerror(errno));
  fflush(NULL);
  reboot(RB_POWER_OFF);
  _exit(EXIT_FAILURE);
}

static void load(const char *path) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);

  if (fd < 0 || syscall(SYS_finit_module, fd, "", 0) != 0 || close(fd) != 0) die(path);
}

int main(void) {
  const char *const init = getenv("lab_init");

  if (!init) {
    errno = EINVAL;
    die("lab_init");
  }
  for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) load(modules[i]);
  if (mkdir("/machine", 0755) != 0 ||
      mount("lab", "/machine", "9p", 0, "trans=virtio,version=9p2000.L,cache=loose,msize=524288") !=
          0)
    die("mount");
  if (chdir("/machine") != 0 || mount(".", "/", NULL, MS_MOVE, NULL) != 0 || chroot(".") != 0 ||
      chdir("/") != 0)
    die("root");
  execl(init, init, (char *)NULL);
  die(init);
}
