/*
 * executions: is execve as it was, though a check no longer prepares one?
 *
 * usage: executions
 *
 * A set-user-ID program must get its owner's rights, and must not get them
 * under an unprivileged tracer, with no_new_privs, or while another process
 * shares its fs. Each is tried alone, after checks, and beside a thread that
 * checks in a loop. Run as root in a guest of the lab: it mounts tmpfs.
 *
 * As the set-user-ID program (usage: executions rights) it tells what it got.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

#define WORK "/tmp/executions"
#define NOBODY 65534

/* Exit statuses of the program that is executed. */
enum { OWN_RIGHTS = 40, OWNERS_RIGHTS = 41, OWNERS_RIGHTS_INSECURE = 42 };

static int passed, wrong;

static _Noreturn void die(const char *what) {
  fprintf(stderr, "executions: %s: %s\n", what, strerror(errno));
  exit(EXIT_FAILURE);
}

static void expect(int got, int want, const char *what) {
  if (got == want) {
    passed++;
    return;
  }
  wrong++;
  printf("wrong: %s: %d, expected %d\n", what, got, want);
}

static int ask(const char *path) {
  char *const argv[] = {"check", NULL}, *const envp[] = {NULL};

  return syscall(SYS_execveat, AT_FDCWD, path, argv, envp, AT_EXECVE_CHECK) == 0 ? 0 : errno;
}

static void *ask_for_ever(void *unused) {
  for (;;) {
    if (ask("program") != 0) return unused;
  }
}

enum checks { NO_CHECKS, CHECKS_BEFORE, CHECKS_BESIDE };

static _Noreturn void execute(enum checks checks) {
  char *const argv[] = {"executions", "rights", NULL}, *const envp[] = {NULL};

  if (checks != NO_CHECKS && (ask("program") != 0 || ask("noexec") != EACCES)) _exit(50);
  for (int i = 0; checks == CHECKS_BESIDE && i < 2; i++) {
    pthread_t thread;

    /* Without the patch a check of the first thread may refuse the second. */
    while (pthread_create(&thread, NULL, ask_for_ever, NULL) == EAGAIN) sched_yield();
  }
  execve("program", argv, envp);
  _exit(51);
}

static void become_nobody(void) {
  if (setresgid(NOBODY, NOBODY, NOBODY) != 0 || setresuid(NOBODY, NOBODY, NOBODY) != 0 ||
      prctl(PR_SET_DUMPABLE, 1) != 0)
    die("nobody");
}

static int status_of(pid_t child) {
  int status;

  if (waitpid(child, &status, 0) != child) die("waitpid");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void plain(enum checks checks) { execute(checks); }

static void no_new_privs(enum checks checks) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) die("no_new_privs");
  execute(checks);
}

static int wait_for_end(void *pipe_ends) {
  const int *ends = pipe_ends;
  char byte;

  return close(ends[1]) != 0 || read(ends[0], &byte, 1) < 0;
}

/* The other process ends once the execution has closed the pipe. */
static void shared_fs(enum checks checks) {
  static char stack[65536] __attribute__((aligned(16)));
  int ends[2];

  if (pipe2(ends, O_CLOEXEC) != 0) die("pipe");
  if (clone(wait_for_end, stack + sizeof(stack), CLONE_FS, ends) < 0) die("clone");
  execute(checks);
}

/* Follows one traced process to its end; how often it executed is left in *executions. */
static int follow(pid_t child, int *executions) {
  int status;

  *executions = 0;
  for (;;) {
    int signal_number = 0;

    if (waitpid(child, &status, 0) != child) die("waitpid");
    if (!WIFSTOPPED(status)) break;
    if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8))
      (*executions)++;
    else
      signal_number = WSTOPSIG(status);
    if (ptrace(PTRACE_CONT, child, NULL, signal_number) != 0 && errno != ESRCH) die("PTRACE_CONT");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* PTRACE_SEIZE, since with PTRACE_TRACEME the rights of the tracer are the child's own. */
static _Noreturn void trace(bool as_root, enum checks checks) {
  int ends[2], executions;

  if (!as_root) become_nobody();
  if (pipe2(ends, O_CLOEXEC) != 0) die("pipe");
  const pid_t child = fork();
  if (child < 0) die("fork");
  if (child == 0) {
    char byte;

    if (as_root) become_nobody();
    if (read(ends[0], &byte, 1) != 1) die("pipe");
    execute(checks);
  }
  if (ptrace(PTRACE_SEIZE, child, NULL, PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL) != 0)
    die("PTRACE_SEIZE");
  if (write(ends[1], "", 1) != 1) die("pipe");
  const int status = follow(child, &executions);
  _exit(executions == 1 ? status : 52);
}

static void traced(enum checks checks) { trace(false, checks); }
static void traced_by_root(enum checks checks) { trace(true, checks); }

static const struct {
  const char *name;
  void (*act)(enum checks checks);
  bool as_root;
  int want;
} situations[] = {
    {"alone", plain, false, OWNERS_RIGHTS},
    {"with no_new_privs", no_new_privs, false, OWN_RIGHTS},
    {"with an fs that another process shares", shared_fs, false, OWN_RIGHTS},
    {"under a tracer without rights", traced, false, OWN_RIGHTS},
    {"under root as the tracer", traced_by_root, true, OWNERS_RIGHTS},
};

static void check_situations(void) {
  static const char *const with[] = {"", ", after checks", ", beside checks"};
  char what[128];

  for (size_t i = 0; i < sizeof(situations) / sizeof(situations[0]); i++) {
    for (enum checks checks = NO_CHECKS; checks <= CHECKS_BESIDE; checks++) {
      const int times = checks == CHECKS_BESIDE ? 50 : 1;

      snprintf(what, sizeof(what), "set-user-ID %s%s", situations[i].name, with[checks]);
      for (int n = 0; n < times; n++) {
        const pid_t child = fork();

        if (child < 0) die("fork");
        if (child == 0) {
          if (!situations[i].as_root) become_nobody();
          situations[i].act(checks);
        }
        expect(status_of(child), situations[i].want, what);
      }
    }
  }
}

static void *nothing(void *unused) { return unused; }

/* An execve that fails before it is too late must leave the process as it was. */
static void check_failures(void) {
  static const struct {
    const char *path;
    int want;
  } failures[] = {
      {"text", ENOEXEC}, {"nowhere", ENOENT}, {"noexec", EACCES}, {"shebang-to-nowhere", ENOENT}};
  char *const argv[] = {"executions", NULL}, *const envp[] = {NULL};

  for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
    pthread_t thread;

    expect(execve(failures[i].path, argv, envp) == 0 ? 0 : errno, failures[i].want,
           failures[i].path);
    expect(ask("program"), 0, "a check after an execve that failed");
    const int error = pthread_create(&thread, NULL, nothing, NULL);
    expect(error, 0, "a thread after an execve that failed");
    if (error == 0) pthread_join(thread, NULL);
  }
}

static void make_file(const char *path, mode_t mode, const char *text) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const size_t length = strlen(text);

  if (fd < 0 || write(fd, text, length) != (ssize_t)length || fchmod(fd, mode) != 0 ||
      close(fd) != 0)
    die(path);
}

/* This program once more, as a set-user-ID program of root. */
static void make_program(const char *path) {
  const int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  const int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  ssize_t sent;

  if (from < 0 || to < 0) die(path);
  while ((sent = sendfile(to, from, NULL, 1 << 20)) > 0) continue;
  if (sent < 0 || fchmod(to, 04755) != 0 || close(to) != 0 || close(from) != 0) die(path);
}

static int tell_rights(void) {
  if (geteuid() == NOBODY) return OWN_RIGHTS;
  return getauxval(AT_SECURE) ? OWNERS_RIGHTS : OWNERS_RIGHTS_INSECURE;
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "rights") == 0) return tell_rights();
  if (argc != 1) {
    fputs("usage: executions\n", stderr);
    return EXIT_FAILURE;
  }
  if (mkdir(WORK, 0755) != 0 || mount("executions", WORK, "tmpfs", 0, "size=16m,mode=0755") != 0 ||
      chdir(WORK) != 0)
    die(WORK);
  make_program("program");
  make_file("text", 0755, "text\n");
  make_file("noexec", 0644, "#!/bin/sh\n");
  make_file("shebang-to-nowhere", 0755, "#!/nowhere\n");
  check_situations();
  check_failures();
  if (chdir("/") != 0 || umount2(WORK, MNT_DETACH) != 0) die("umount");

  printf("executions: %d as expected, %d wrong\n", passed, wrong);
  return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
