/*
 * init: the first process of a guest.
 *
 * The machine's own file system is the guest's root, and a guest runs as root:
 * so everything is read-only to it except file systems in its memory and one
 * directory for results. The checkout gets a writable layer that is thrown
 * away.
 *
 * From the kernel's command line, as environment variables:
 *   lab_out    directory of the machine: reads its file `seed`, runs its file
 *              `command` with sh, and writes `release` and, at the end, `status`
 *   lab_root   the checkout
 *   lab_layer  how the checkout becomes writable: `overlay`, the path of the
 *              kernel module that brings overlayfs, or `copy`
 *
 * Build: cc -std=c11 -Wall -Wextra -Werror -O2 -static -o init init.c
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define LAB "/run/lab"
#define OUT LAB "/out"
#define LOWER LAB "/lower"
#define UPPER LAB "/upper"
#define WORK LAB "/work"

static _Noreturn void power_off(void) {
  sync();
  reboot(RB_POWER_OFF);
  /* Only a guest that cannot be switched off comes here: the kernel panics. */
  _exit(EXIT_FAILURE);
}

__attribute__((format(printf, 1, 2))) static _Noreturn void die(const char *format, ...) {
  const int error = errno;
  va_list arguments;

  fputs("init: ", stderr);
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fprintf(stderr, ": %s\n", strerror(error));
  power_off();
}

static const char *parameter(const char *name) {
  const char *value = getenv(name);

  if (!value) {
    errno = EINVAL;
    die("%s", name);
  }
  return value;
}

static void mount_new(const char *type, const char *target, const char *options) {
  if (mount(type, target, type, 0, options) != 0) die("mount %s on %s", type, target);
}

/* For what a kernel may lack, or may have mounted itself. */
static void mount_optional(const char *type, const char *target, const char *options) {
  if (mount(type, target, type, 0, options) != 0 && errno != EBUSY && errno != ENODEV &&
      errno != ENOENT)
    die("mount %s on %s", type, target);
}

static void bind(const char *source, const char *target) {
  if (mount(source, target, NULL, MS_BIND, NULL) != 0) die("bind %s to %s", source, target);
}

static void make_directory(const char *path, mode_t mode) {
  if (mkdir(path, mode) != 0 && errno != EEXIST) die("mkdir %s", path);
}

/* Where a tmpfs hides the checkout's parents, they are made anew. */
static void make_path(const char *path) {
  char part[4096];
  const size_t length = strlen(path);

  if (length >= sizeof(part)) {
    errno = ENAMETOOLONG;
    die("%s", path);
  }
  memcpy(part, path, length + 1);
  for (size_t i = 1; i < length; i++) {
    if (part[i] != '/') continue;
    part[i] = '\0';
    make_directory(part, 0755);
    part[i] = '/';
  }
  make_directory(part, 0755);
}

static void write_out(const char *name, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void write_out(const char *name, const char *format, ...) {
  char path[256];
  va_list arguments;
  FILE *file;
  int written;

  if (snprintf(path, sizeof(path), OUT "/%s", name) >= (int)sizeof(path)) {
    errno = ENAMETOOLONG;
    die("%s", name);
  }
  file = fopen(path, "we");
  if (!file) die("%s", path);
  va_start(arguments, format);
  written = vfprintf(file, format, arguments);
  va_end(arguments);
  if (written < 0 || fclose(file) != 0) die("%s", path);
}

static void load_module(const char *path) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);

  if (fd < 0) die("%s", path);
  if (syscall(SYS_finit_module, fd, "", 0) != 0) die("load %s", path);
  if (close(fd) != 0) die("%s", path);
}

/*
 * Without it the kernels before 5.18 have no random numbers for ten seconds, or
 * for ever, and Node waits for them.
 */
static void seed_random_numbers(void) {
  struct {
    struct rand_pool_info info;
    unsigned char bytes[32];
  } seed = {.info = {.entropy_count = 8 * sizeof(seed.bytes), .buf_size = sizeof(seed.bytes)}};
  const int from = open(OUT "/seed", O_RDONLY | O_CLOEXEC);
  const int to = open("/dev/random", O_WRONLY | O_CLOEXEC);

  if (from < 0 || read(from, seed.bytes, sizeof(seed.bytes)) != sizeof(seed.bytes))
    die(OUT "/seed");
  if (to < 0 || ioctl(to, RNDADDENTROPY, &seed) != 0) die("/dev/random");
  if (close(from) != 0 || close(to) != 0) die("close");
}

/* A first process is also the parent of every orphan. */
static int wait_for(pid_t child) {
  for (;;) {
    int status;
    const pid_t ended = wait(&status);

    if (ended < 0 && errno != EINTR) die("wait");
    if (ended != child) continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
}

static void copy_tree(const char *from, const char *to) {
  const pid_t child = fork();
  int status;

  if (child < 0) die("fork");
  if (child == 0) {
    execlp("cp", "cp", "-a", "--", from, to, (char *)NULL);
    _exit(127);
  }
  status = wait_for(child);
  if (status != 0) {
    errno = EIO;
    die("cp of %s: status %d", from, status);
  }
}

static void mount_everything(const char *out, const char *root, const char *layer) {
  mount_new("proc", "/proc", NULL);
  /* As distributions do: one mount with noexec is there to ask about. */
  if (mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0)
    die("mount sysfs");
  mount_optional("securityfs", "/sys/kernel/security", NULL);
  mount_optional("devtmpfs", "/dev", "mode=0755");
  make_directory("/dev/pts", 0755);
  mount_optional("devpts", "/dev/pts", "ptmxmode=0666");
  make_directory("/dev/shm", 01777);
  mount_new("tmpfs", "/dev/shm", "mode=1777");

  /* The bindings come first: what is mounted next may hide their sources. */
  mount_new("tmpfs", "/run", "mode=0755");
  make_directory(LAB, 0755);
  make_directory(OUT, 0755);
  make_directory(LOWER, 0755);
  make_directory(UPPER, 0755);
  make_directory(WORK, 0755);
  bind(out, OUT);
  bind(root, LOWER);
  seed_random_numbers();
  if (*layer == '/') load_module(layer);

  mount_new("tmpfs", "/tmp", "mode=1777");
  mount_new("tmpfs", "/var/tmp", "mode=1777");
  make_path(root);
  if (strcmp(layer, "copy") == 0) {
    mount_new("tmpfs", root, "mode=0755");
    copy_tree(LOWER "/.", root);
  } else {
    mount_new("overlay", root, "lowerdir=" LOWER ",upperdir=" UPPER ",workdir=" WORK);
  }

  if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) != 0) die("make / read-only");
  if (mount(NULL, LOWER, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) != 0)
    die("make " LOWER " read-only");
}

static _Noreturn void run_command(const char *root) {
  const int null = open("/dev/null", O_RDONLY);

  if (null < 0 || dup2(null, STDIN_FILENO) < 0) die("/dev/null");
  if (setsid() < 0) die("setsid");
  if (chdir(root) != 0) die("%s", root);
  execl("/bin/sh", "sh", OUT "/command", (char *)NULL);
  die("/bin/sh");
}

/*
 * Node maps io_uring's pages at start, and from 6.6 on that brings User Mode
 * Linux down now and then ("BUG: Bad page map"). The switch is as old as that.
 */
static void disable_io_uring(void) {
  FILE *file = fopen("/proc/sys/kernel/io_uring_disabled", "we");

  if (!file && errno == ENOENT) return;
  if (!file || fputs("2", file) < 0 || fclose(file) != 0) die("io_uring_disabled");
}

int main(void) {
  const char *out = parameter("lab_out");
  const char *root = parameter("lab_root");
  const char *layer = parameter("lab_layer");
  struct utsname kernel;
  pid_t command;

  mount_everything(out, root, layer);
  disable_io_uring();
  if (uname(&kernel) != 0) die("uname");
  write_out("release", "%s\n", kernel.release);

  command = fork();
  if (command < 0) die("fork");
  if (command == 0) run_command(root);
  write_out("status", "%d\n", wait_for(command));
  power_off();
}
