/*
 * check: is this kernel's O_MAYEXEC what the table of the series says?
 *
 * usage: check v5|v6 sysctl|static
 *
 * Run as root in a guest of the lab: it mounts tmpfs, sets the system's policy
 * and loads an IMA policy. It asks the kernel alone, without the project's own
 * code, so that a failing test of the project can be told from a wrong kernel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define O_MAYEXEC 040000000
#define FMODE_EXEC 040
#define SYSCTL "/proc/sys/fs/open_mayexec_enforce"
#define WORK "/tmp/o-mayexec-check"
#define IMA "/sys/kernel/security/ima/"

static int passed, wrong;

static void die(const char *what) {
  fprintf(stderr, "check: %s: %s\n", what, strerror(errno));
  exit(EXIT_FAILURE);
}

__attribute__((format(printf, 3, 4))) static void expect(int got, int want, const char *format,
                                                         ...) {
  va_list arguments;

  if (got == want) {
    passed++;
    return;
  }
  wrong++;
  printf("wrong: ");
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  printf(": %s, expected %s\n", got ? strerrorname_np(got) : "success",
         want ? strerrorname_np(want) : "success");
}

/* 0 or an errno; the file's flags are left in *status. */
static int ask(const char *path, uint64_t flags, int *status) {
  struct open_how how = {.flags = flags, .mode = flags & O_CREAT ? 0600 : 0};
  const int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

  if (fd < 0) return errno;
  if (status && (*status = fcntl(fd, F_GETFL)) < 0) die("F_GETFL");
  if (close(fd) != 0) die("close");
  return 0;
}

static int older(long fd, int *status) {
  if (fd < 0) return errno;
  if ((*status = fcntl((int)fd, F_GETFL)) < 0) die("F_GETFL");
  if (close((int)fd) != 0) die("close");
  return 0;
}

static int write_text(const char *path, const char *text) {
  const int fd = open(path, O_WRONLY);
  int result = 0;

  if (fd < 0) return errno;
  if (write(fd, text, strlen(text)) < 0) result = errno;
  if (close(fd) != 0) die("close");
  return result;
}

static void make_file(const char *path, mode_t mode) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

  if (fd < 0) die(path);
  /* The umask does not apply. */
  if (fchmod(fd, mode) != 0 || write(fd, "1\n", 2) != 2 || close(fd) != 0) die(path);
}

static void make_fixtures(const char *where, unsigned long flags) {
  if (mkdir(where, 0700) != 0) die(where);
  if (mount("check", where, "tmpfs", flags, "size=64k,mode=0700") != 0) die("mount");
  if (chdir(where) != 0) die("chdir");
  make_file("exec", 0500);
  make_file("noexec", 0400);
  make_file("writable", 0700);
  make_file("others-exec", 0401);
  if (mkdir("dir", 0700) != 0 || mkfifo("fifo", 0700) != 0) die("fixture");
  if (mknod("char", S_IFCHR | 0700, makedev(1, 3)) != 0 ||
      mknod("block", S_IFBLK | 0700, makedev(7, 0)) != 0)
    die("mknod");
  if (symlink("exec", "link") != 0) die("symlink");

  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};

  if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 || close(fd) != 0)
    die("socket");
}

static void drop_effective(uint64_t capabilities) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2];

  if (syscall(SYS_capget, &header, data) != 0) die("capget");
  data[0].effective &= ~(uint32_t)capabilities;
  data[1].effective &= ~(uint32_t)(capabilities >> 32);
  if (syscall(SYS_capset, &header, data) != 0) die("capset");
}

static void raise_all(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2];

  if (syscall(SYS_capget, &header, data) != 0) die("capget");
  for (int i = 0; i < 2; i++) data[i].effective = data[i].permitted;
  if (syscall(SYS_capset, &header, data) != 0) die("capset");
}

static void check_types(const char *who, int policy, bool mount_exec, int directory_errno) {
  static const char *const special[] = {"fifo", "char", "block", "socket"};
  const int at_exec = (policy & 1) && !mount_exec ? EACCES : 0;
  int status;

  expect(ask("dir", O_RDONLY | O_MAYEXEC, NULL), directory_errno, "%s dir", who);
  expect(ask("dir", O_RDONLY | O_DIRECTORY | O_MAYEXEC, NULL), directory_errno,
         "%s dir O_DIRECTORY", who);
  expect(ask("exec", O_RDONLY | O_DIRECTORY | O_MAYEXEC, NULL), ENOTDIR, "%s exec O_DIRECTORY",
         who);
  /* O_NONBLOCK: a fifo must not wait for its writer on a kernel that lets it through. */
  for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
    expect(ask(special[i], O_RDONLY | O_NONBLOCK | O_MAYEXEC, NULL), EACCES, "%s %s", who,
           special[i]);
  expect(ask("link", O_RDONLY | O_NOFOLLOW | O_MAYEXEC, NULL), ELOOP, "%s link O_NOFOLLOW", who);
  expect(ask("link", O_RDONLY | O_MAYEXEC, NULL), at_exec, "%s link", who);
  expect(ask("missing", O_RDONLY | O_MAYEXEC, NULL), ENOENT, "%s missing", who);
  expect(ask("exec", O_PATH | O_MAYEXEC, NULL), EINVAL, "%s O_PATH", who);
  expect(ask("writable", O_WRONLY | O_MAYEXEC, NULL), at_exec, "%s O_WRONLY", who);
  expect(ask("writable", O_RDWR | O_MAYEXEC, NULL), at_exec, "%s O_RDWR", who);
  expect(ask("created", O_WRONLY | O_CREAT | O_EXCL | O_MAYEXEC, NULL), 0, "%s O_CREAT", who);
  if (unlink("created") != 0) die("unlink");
  if (at_exec == 0) {
    expect(ask("exec", O_RDONLY | O_MAYEXEC, &status), 0, "%s F_GETFL", who);
    expect(status & (O_MAYEXEC | FMODE_EXEC), O_MAYEXEC | FMODE_EXEC, "%s F_GETFL bits", who);
  }
}

static void check_policy(int policy, int directory_errno, uint64_t dac) {
  static const struct {
    const char *path;
    bool mount_exec;
  } mounts[] = {
      {WORK "/mount-exec", true},
      {WORK "/mount-noexec", false},
  };
  static const struct {
    const char *path;
    bool owner_exec, any_exec;
  } files[] = {
      {"exec", true, true},
      {"noexec", false, false},
      {"others-exec", false, true},
  };

  for (size_t m = 0; m < 2; m++) {
    if (chdir(mounts[m].path) != 0) die(mounts[m].path);
    for (int with_dac = 0; with_dac < 2; with_dac++) {
      char who[64];
      int status;

      if (!with_dac) drop_effective(dac);
      snprintf(who, sizeof(who), "policy %d, mount %s, %s DAC capabilities:", policy,
               mounts[m].mount_exec ? "exec" : "noexec", with_dac ? "with" : "without");
      for (size_t f = 0; f < 3; f++) {
        const char *path = files[f].path;
        const bool may = with_dac ? files[f].any_exec : files[f].owner_exec;
        const bool refused = ((policy & 1) && !mounts[m].mount_exec) || ((policy & 2) && !may);

        expect(ask(path, O_RDONLY, NULL), 0, "%s %s without the flag", who, path);
        expect(older(syscall(SYS_open, path, O_RDONLY | O_MAYEXEC), &status), 0, "%s %s open", who,
               path);
        expect(status & O_MAYEXEC, 0, "%s %s open drops the bit", who, path);
        expect(older(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_MAYEXEC), &status), 0,
               "%s %s openat", who, path);
        expect(status & O_MAYEXEC, 0, "%s %s openat drops the bit", who, path);
        expect(ask(path, O_RDONLY | O_MAYEXEC, NULL), refused ? EACCES : 0, "%s %s", who, path);
      }
      expect(ask(".", O_RDONLY | O_MAYEXEC, NULL), directory_errno, "%s .", who);
      check_types(who, policy, mounts[m].mount_exec, directory_errno);
      raise_all();
    }
  }
  expect(ask("/proc/self/status", O_RDONLY | O_MAYEXEC, NULL), policy ? EACCES : 0,
         "policy %d: /proc/self/status", policy);
}

/* Runs in a child, since it does not come back from a user namespace. */
static int write_from_user_namespace(const char *text) {
  int status;
  const pid_t child = fork();

  if (child < 0) die("fork");
  if (child == 0) {
    if (unshare(CLONE_NEWUSER) != 0 || write_text("/proc/self/uid_map", "0 0 1") != 0) _exit(255);
    _exit(write_text(SYSCTL, text));
  }
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) die("user namespace");
  return WEXITSTATUS(status);
}

static void check_sysctl(int capability) {
  struct stat meta;

  if (stat(SYSCTL, &meta) != 0) die(SYSCTL);
  expect((int)(meta.st_mode & 07777), 0600, "sysctl's mode");
  expect(write_text(SYSCTL, "4"), EINVAL, "sysctl 4");
  expect(write_text(SYSCTL, "-1"), EINVAL, "sysctl -1");
  drop_effective(UINT64_C(1) << capability);
  expect(write_text(SYSCTL, "0"), EPERM, "sysctl without the capability");
  raise_all();
  drop_effective(~(UINT64_C(1) << capability));
  expect(write_text(SYSCTL, "0"), 0, "sysctl with the capability alone");
  raise_all();
  expect(write_from_user_namespace("0"), EPERM, "sysctl from a user namespace");
}

static bool measured(const char *path) {
  FILE *list = fopen(IMA "ascii_runtime_measurements", "re");
  char line[4096];
  bool found = false;

  if (!list) die("measurements");
  while (fgets(line, sizeof(line), list)) found = found || strstr(line, path);
  if (ferror(list) || fclose(list) != 0) die("measurements");
  return found;
}

static void check_ima(void) {
  if (access(IMA "policy", F_OK) != 0) {
    puts("left out: IMA");
    return;
  }
  expect(write_text(IMA "policy", "measure func=FILE_CHECK mask=MAY_OPENEXEC\n"), EINVAL,
         "IMA rule without ^");
  expect(write_text(IMA "policy", "measure func=FILE_CHECK mask=^MAY_OPENEXEC\n"), 0, "IMA rule");
  if (chdir(WORK "/mount-exec") != 0) die("chdir");
  make_file("ima-plain", 0700);
  make_file("ima-code", 0700);
  expect(ask("ima-plain", O_RDONLY, NULL), 0, "IMA plain open");
  expect(ask("ima-code", O_RDONLY | O_MAYEXEC, NULL), 0, "IMA open of code");
  expect(measured("ima-plain"), false, "IMA measures a plain open");
  expect(measured("ima-code"), true, "IMA measures an open of code");
}

int main(int argc, char **argv) {
  if (argc != 3 || (strcmp(argv[1], "v5") != 0 && strcmp(argv[1], "v6") != 0) ||
      (strcmp(argv[2], "sysctl") != 0 && strcmp(argv[2], "static") != 0)) {
    fputs("usage: check v5|v6 sysctl|static\n", stderr);
    return EXIT_FAILURE;
  }

  const bool v6 = strcmp(argv[1], "v6") == 0;
  const bool has_sysctl = strcmp(argv[2], "sysctl") == 0;
  const int directory_errno = v6 ? EISDIR : EACCES;
  const uint64_t dac = UINT64_C(1) << CAP_DAC_OVERRIDE | UINT64_C(1) << CAP_DAC_READ_SEARCH;

  if (mkdir(WORK, 0700) != 0) die(WORK);
  make_fixtures(WORK "/mount-exec", 0);
  make_fixtures(WORK "/mount-noexec", MS_NOEXEC);

  if (has_sysctl) {
    for (int policy = 0; policy <= 3; policy++) {
      const char text[] = {(char)('0' + policy), 0};

      expect(write_text(SYSCTL, text), 0, "sysctl %d", policy);
      check_policy(policy, directory_errno, dac);
    }
    check_sysctl(v6 ? CAP_SYS_ADMIN : CAP_MAC_ADMIN);
  } else {
    expect(access(SYSCTL, F_OK) == 0 ? 0 : errno, ENOENT, "sysctl");
    check_policy(3, directory_errno, dac);
  }
  check_ima();

  printf("%d as expected, %d wrong\n", passed, wrong);
  return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
