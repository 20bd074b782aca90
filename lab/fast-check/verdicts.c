/*
 * verdicts: does AT_EXECVE_CHECK answer what it must, and change nothing?
 *
 * usage: verdicts before|after
 *
 * `after` is a kernel with fast-check.patch. It differs in what a check reads
 * of its arguments, and in nothing else. Run as root in a guest of the lab: it
 * mounts tmpfs. It asks the kernel alone, without the project's own code.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

#define WORK "/tmp/verdicts"
#define NOBODY 65534

static int passed, wrong;

static _Noreturn void die(const char *what) {
  fprintf(stderr, "verdicts: %s: %s\n", what, strerror(errno));
  exit(EXIT_FAILURE);
}

static const char *errno_name(int error) { return error ? strerrorname_np(error) : "success"; }

static void expect(int got, int want, const char *what) {
  if (got == want) {
    passed++;
    return;
  }
  wrong++;
  printf("wrong: %s: %d (%s), expected %d (%s)\n", what, got, errno_name(got), want,
         errno_name(want));
}

static int ask_with(int fd, const char *path, char *const argv[], char *const envp[], int flags) {
  return syscall(SYS_execveat, fd, path, argv, envp, flags | AT_EXECVE_CHECK) == 0 ? 0 : errno;
}

static int ask_at(int fd, const char *path, int flags) {
  char *const argv[] = {"check", NULL}, *const envp[] = {NULL};

  return ask_with(fd, path, argv, envp, flags);
}

static int ask_fd(int fd) { return ask_at(fd, "", AT_EMPTY_PATH); }

static int ask_opened(const char *path, int flags) {
  const int fd = open(path, flags | O_CLOEXEC);

  if (fd < 0) die(path);
  const int error = ask_fd(fd);
  if (close(fd) != 0) die(path);
  return error;
}

static void make_file(const char *path, mode_t mode, const char *text) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const size_t length = strlen(text);

  if (fd < 0 || write(fd, text, length) != (ssize_t)length || fchmod(fd, mode) != 0 ||
      close(fd) != 0)
    die(path);
}

static void make_fixtures(const char *where, unsigned long flags) {
  if ((mkdir(where, 0755) != 0 && errno != EEXIST) ||
      mount("check", where, "tmpfs", flags, "size=16m,mode=0755") != 0 || chdir(where) != 0)
    die(where);
  make_file("exec", 0755, "#!/bin/sh\n");
  make_file("noexec", 0644, "#!/bin/sh\n");
  make_file("owner", 0700, "#!/bin/sh\n");
  make_file("others", 0601, "#!/bin/sh\n");
  make_file("empty", 0755, "");
  make_file("shebang-to-nowhere", 0755, "#!/nowhere\n");
  make_file("broken-elf", 0755, "\177ELF");
  make_file("set-user-id", 06755, "#!/bin/sh\n");
  make_file("writable", 0755, "#!/bin/sh\n");
  if (mkdir("directory", 0755) != 0 || mkfifo("fifo", 0755) != 0 || symlink("exec", "link") != 0 ||
      symlink("nowhere", "dangling") != 0)
    die("fixture");
}

/* Runs in a child what cannot be taken back; its answer is an errno. */
static int in_child(int (*act)(void)) {
  int status;
  const pid_t child = fork();

  if (child < 0) die("fork");
  if (child == 0) _exit(act());
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) die("child");
  return WEXITSTATUS(status);
}

static void become_nobody(void) {
  if (setresgid(NOBODY, NOBODY, NOBODY) != 0 || setresuid(NOBODY, NOBODY, NOBODY) != 0)
    die("nobody");
}

static int nobody_asks_owner(void) {
  const int fd = open("owner", O_RDONLY | O_CLOEXEC);

  become_nobody();
  return ask_fd(fd);
}

static int nobody_asks_others(void) {
  become_nobody();
  return ask_at(AT_FDCWD, "others", 0);
}

/*
 * The kernel marks at setuid who joins a user with too many processes, and
 * refuses at the next execve. One process is too many for a limit of 0.
 */
static int beyond_process_limit(void) {
  const struct rlimit none = {0, 0};
  const pid_t other = fork();
  int status;

  if (other < 0) die("fork");
  if (other == 0) {
    become_nobody();
    raise(SIGSTOP);
    _exit(0);
  }
  if (waitpid(other, &status, WUNTRACED) != other || !WIFSTOPPED(status)) die("waitpid");
  if (setrlimit(RLIMIT_NPROC, &none) != 0) die("RLIMIT_NPROC");
  become_nobody();
  const int error = ask_at(AT_FDCWD, "exec", 0);
  if (kill(other, SIGKILL) != 0) die("kill");
  return error;
}

static int under_landlock(void) {
  const struct landlock_ruleset_attr rules = {.handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE};
  const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);

  if (ruleset < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
    die("Landlock");
  return ask_at(AT_FDCWD, "exec", 0);
}

static void check_verdicts(bool exec_mount) {
  static const struct {
    const char *path;
    int on_exec_mount;
  } files[] = {
      {"exec", 0},       {"noexec", EACCES}, {"owner", 0},
      {"others", 0},     {"empty", 0},       {"shebang-to-nowhere", 0},
      {"broken-elf", 0}, {"set-user-id", 0}, {"link", 0},
  };
  char what[128];

  for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
    const char *path = files[i].path;
    const int want = exec_mount ? files[i].on_exec_mount : EACCES;

    snprintf(what, sizeof(what), "%s, exec mount %d", path, exec_mount);
    expect(ask_opened(path, O_RDONLY), want, what);
    expect(ask_opened(path, O_PATH), want, what);
    expect(ask_at(AT_FDCWD, path, 0), want, what);
  }
  expect(in_child(nobody_asks_owner), EACCES, "nobody, a file of root's");
  expect(in_child(nobody_asks_others), exec_mount ? 0 : EACCES, "nobody, x for others");
  expect(ask_at(AT_FDCWD, "directory", 0), EACCES, "directory");
  expect(ask_at(AT_FDCWD, "fifo", 0), EACCES, "fifo");
  expect(ask_at(AT_FDCWD, "/dev/null", 0), EACCES, "device");
  expect(ask_at(AT_FDCWD, "dangling", 0), ENOENT, "dangling link");
  expect(ask_at(AT_FDCWD, "exec/x", 0), ENOTDIR, "below a file");
  expect(ask_at(AT_FDCWD, "", 0), ENOENT, "empty path");
  expect(ask_at(AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW), ELOOP, "link, not followed");
  expect(ask_at(AT_FDCWD, "exec", 0x20000), EINVAL, "unknown flag");
  expect(ask_at(-1, "", AT_EMPTY_PATH), EBADF, "no descriptor");
}

static void check_objects(void) {
  int ends[2], pair[2];
  const int plain = memfd_create("plain", MFD_CLOEXEC);
  const int sealed = memfd_create("sealed", MFD_CLOEXEC | MFD_NOEXEC_SEAL);
  const int writer = open("writable", O_WRONLY | O_CLOEXEC);

  if (plain < 0 || sealed < 0 || writer < 0 || pipe2(ends, O_CLOEXEC) != 0 ||
      socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    die("objects");
  expect(ask_fd(plain), 0, "memfd");
  expect(ask_fd(sealed), EACCES, "sealed memfd");
  expect(ask_fd(ends[0]), EACCES, "pipe");
  expect(ask_fd(pair[0]), EACCES, "socket");
  expect(ask_at(AT_FDCWD, "writable", 0), ETXTBSY, "a file that is open for writing");
  for (int i = 0; i < 2; i++) {
    if (close(ends[i]) != 0 || close(pair[i]) != 0) die("close");
  }
  if (close(plain) != 0 || close(sealed) != 0 || close(writer) != 0) die("close");
  expect(ask_at(AT_FDCWD, "writable", 0), 0, "the same file, closed");
  const int again = open("writable", O_WRONLY | O_CLOEXEC);
  expect(again < 0 ? errno : 0, 0, "an open for writing after checks");
  if (again >= 0 && close(again) != 0) die("close");
  expect(in_child(beyond_process_limit), EAGAIN, "beyond RLIMIT_NPROC");
  expect(in_child(under_landlock), EACCES, "Landlock");
}

static void check_arguments(bool after) {
  static char long_string[1 << 18];
  /* A page that cannot be read. */
  char *const closed = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *const plain[] = {"check", NULL}, *const unreadable[] = {closed, NULL};
  char *const too_long[] = {long_string, NULL}, *const none[] = {NULL};

  if (closed == MAP_FAILED) die("mmap");
  memset(long_string, 'x', sizeof(long_string) - 1);
  expect(ask_with(AT_FDCWD, "exec", NULL, NULL, 0), 0, "no arguments");
  expect(ask_with(AT_FDCWD, "exec", none, none, 0), 0, "empty arguments");
  expect(ask_with(AT_FDCWD, "exec", (char **)closed, none, 0), EFAULT, "unreadable argv");
  expect(ask_with(AT_FDCWD, "exec", plain, (char **)closed, 0), EFAULT, "unreadable envp");
  /* A check with the patch reads no string. */
  expect(ask_with(AT_FDCWD, "exec", unreadable, none, 0), after ? 0 : EFAULT, "unreadable string");
  expect(ask_with(AT_FDCWD, "exec", plain, unreadable, 0), after ? 0 : EFAULT, "unreadable name");
  expect(ask_with(AT_FDCWD, "exec", too_long, none, 0), after ? 0 : E2BIG, "too long a string");
}

static volatile sig_atomic_t signalled;
static void on_signal(int number) { signalled = number; }
static void *nothing(void *unused) { return unused; }

static int start_thread(void) {
  pthread_t thread;
  const int error = pthread_create(&thread, NULL, nothing, NULL);

  if (error == 0) pthread_join(thread, NULL);
  return error;
}

/* What an execve changes, and a check must not. */
static int state_after_check(void) {
  static const char *const asked[] = {"exec", "noexec", "set-user-id"};
  const struct sigaction action = {.sa_handler = on_signal};
  char name[16];
  int signal_number = 0, changed = 0;
  uid_t ids[3];
  const int kept = open("exec", O_RDONLY | O_CLOEXEC);

  become_nobody();
  if (kept < 0 || prctl(PR_SET_NAME, "as it was") != 0 || prctl(PR_SET_DUMPABLE, 1) != 0 ||
      prctl(PR_SET_PDEATHSIG, SIGUSR2) != 0 || sigaction(SIGUSR1, &action, NULL) != 0 ||
      personality(ADDR_NO_RANDOMIZE) < 0)
    die("state");
  for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
    ask_at(AT_FDCWD, asked[i], 0);
    if (start_thread() != 0) changed |= 1;
  }
  if (prctl(PR_GET_NAME, name) != 0 || strcmp(name, "as it was") != 0) changed |= 2;
  if (prctl(PR_GET_DUMPABLE) != 1) changed |= 4;
  if (prctl(PR_GET_PDEATHSIG, &signal_number) != 0 || signal_number != SIGUSR2) changed |= 8;
  if (raise(SIGUSR1) != 0 || signalled != SIGUSR1) changed |= 16;
  if (fcntl(kept, F_GETFD) != FD_CLOEXEC) changed |= 32;
  if (personality(0xffffffff) != ADDR_NO_RANDOMIZE) changed |= 64;
  if (getresuid(&ids[0], &ids[1], &ids[2]) != 0 || ids[0] != NOBODY || ids[1] != NOBODY ||
      ids[2] != NOBODY)
    changed |= 128;
  return changed;
}

int main(int argc, char **argv) {
  if (argc != 2 || (strcmp(argv[1], "before") != 0 && strcmp(argv[1], "after") != 0)) {
    fputs("usage: verdicts before|after\n", stderr);
    return EXIT_FAILURE;
  }
  if (mkdir(WORK, 0755) != 0) die(WORK);
  make_fixtures(WORK "/noexec", MS_NOEXEC);
  check_verdicts(false);
  make_fixtures(WORK "/exec", 0);
  check_verdicts(true);
  check_objects();
  check_arguments(strcmp(argv[1], "after") == 0);
  expect(in_child(state_after_check), 0, "what a check changed");
  if (chdir("/") != 0 || umount(WORK "/exec") != 0 || umount(WORK "/noexec") != 0) die("umount");

  printf("verdicts: %d as expected, %d wrong\n", passed, wrong);
  return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
