/*
 * refuse: run a command on a kernel that seems to lack chosen system calls.
 *
 * A seccomp filter answers them with an errno, for the command and for every
 * process it starts, as containers, systemd's RestrictSUIDSGID= and old
 * seccomp profiles do. ENOSYS looks like an old kernel, EPERM like a profile
 * that does not know the call.
 *
 * Build: cc -std=c11 -Wall -Wextra -Werror -O2 -o refuse refuse.c
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__) && !defined(__ILP32__)
#define ARCH AUDIT_ARCH_X86_64
/* The x32 numbers pass the architecture check: they are x86_64 with this bit. */
#define X32_BIT 0x40000000u
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "refuse knows x86_64 and aarch64 only"
#endif

#ifndef __NR_openat2
#define __NR_openat2 437
#endif
#ifndef __NR_faccessat2
#define __NR_faccessat2 439
#endif
#ifndef __NR_pidfd_open
#define __NR_pidfd_open 434
#endif
#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#endif
#ifndef __NR_execveat
#error "the system's headers have no execveat"
#endif

/* As env, timeout and nohup do it: 125 is this program's own failure. */
enum { EXIT_REFUSE = 125, EXIT_CANNOT_EXEC = 126, EXIT_NOT_FOUND = 127 };

struct refusal {
  const char *name;
  uint32_t nr;
  /* Refuse only where the first argument is one of these; none: always. */
  uint32_t first_args[2];
  size_t first_arg_count;
};

static const struct refusal known[] = {
    {.name = "openat2", .nr = __NR_openat2},
    {.name = "execveat", .nr = __NR_execveat},
    {.name = "unshare", .nr = __NR_unshare},
    {.name = "landlock_create_ruleset", .nr = __NR_landlock_create_ruleset},
    {.name = "faccessat2", .nr = __NR_faccessat2},
    {.name = "fchmod", .nr = __NR_fchmod},
    {.name = "fgetxattr", .nr = __NR_fgetxattr},
    {.name = "flock", .nr = __NR_flock},
    {.name = "fstatfs", .nr = __NR_fstatfs},
    {.name = "getdents64", .nr = __NR_getdents64},
    {.name = "pidfd_open", .nr = __NR_pidfd_open},
    {.name = "memfd_create", .nr = __NR_memfd_create},
    {.name = "prctl", .nr = __NR_prctl},
    {.name = "prctl-securebits",
     .nr = __NR_prctl,
     .first_args = {PR_GET_SECUREBITS, PR_SET_SECUREBITS},
     .first_arg_count = 2},
};

enum { KNOWN = sizeof(known) / sizeof(known[0]), PROLOGUE = 6, PER_REFUSAL = 6 };

static const struct {
  const char *name;
  unsigned action;
} actions[] = {
    {"ENOSYS", SECCOMP_RET_ERRNO | ENOSYS}, {"EPERM", SECCOMP_RET_ERRNO | EPERM},
    {"EACCES", SECCOMP_RET_ERRNO | EACCES}, {"EAGAIN", SECCOMP_RET_ERRNO | EAGAIN},
    {"EINTR", SECCOMP_RET_ERRNO | EINTR},   {"EINVAL", SECCOMP_RET_ERRNO | EINVAL},
    {"EMFILE", SECCOMP_RET_ERRNO | EMFILE}, {"ENOMEM", SECCOMP_RET_ERRNO | ENOMEM},
    {"KILL", SECCOMP_RET_KILL_THREAD},
};

static int find_action(const char *name, unsigned *action) {
  for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
    if (strcmp(actions[i].name, name) != 0) continue;
    *action = actions[i].action;
    return 1;
  }
  return 0;
}

static void usage(FILE *to) {
  fputs(
      "usage: refuse [--errno NAME] --syscall NAME[,NAME...] -- COMMAND [ARG...]\n"
      "Runs COMMAND with the named system calls answered by an errno (ENOSYS):\n"
      "ENOSYS, EPERM, EACCES, EAGAIN, EINTR, EINVAL, EMFILE or ENOMEM.\n"
      "KILL kills the thread that makes the call.\n"
      "names:",
      to);
  for (size_t i = 0; i < KNOWN; i++) fprintf(to, " %s", known[i].name);
  fputs(
      "\n"
      "prctl-securebits is prctl(2) for PR_GET_SECUREBITS and PR_SET_SECUREBITS\n"
      "alone; prctl refuses every use of it, which many programs do not survive.\n"
      "exit status: COMMAND's; 125 refuse failed, 126 COMMAND cannot be executed,\n"
      "127 COMMAND not found.\n",
      to);
}

static int bad_usage(const char *what, const char *value) {
  fprintf(stderr, "refuse: %s%s%s\n", what, value ? ": " : "", value ? value : "");
  usage(stderr);
  return EXIT_REFUSE;
}

static int failed(const char *what) {
  fprintf(stderr, "refuse: %s: %s\n", what, strerror(errno));
  return EXIT_REFUSE;
}

static const struct refusal *find(const char *name) {
  for (size_t i = 0; i < KNOWN; i++)
    if (strcmp(known[i].name, name) == 0) return &known[i];
  return NULL;
}

/* Marks the refusals that the list names; false at the first unknown name. */
static int select_refusals(char *list, int selected[KNOWN], const char **unknown) {
  for (char *rest = list, *name; (name = strsep(&rest, ",")) != NULL;) {
    const struct refusal *refusal = find(name);

    if (!refusal) {
      *unknown = name;
      return 0;
    }
    selected[refusal - known] = 1;
  }
  return 1;
}

static size_t build_filter(struct sock_filter *filter, const int selected[KNOWN], uint32_t action) {
  const struct sock_filter refuse = BPF_STMT(BPF_RET | BPF_K, action);
  const struct sock_filter load_nr =
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  size_t n = 0;

  /* Numbers mean other calls on another architecture: nothing may slip through it. */
  filter[n++] =
      (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
  filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
  filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  filter[n++] = load_nr;
#ifdef X32_BIT
  filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1);
  filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
#endif
  for (size_t i = 0; i < KNOWN; i++) {
    const struct refusal *r = &known[i];
    size_t args = r->first_arg_count;

    if (!selected[i]) continue;
    if (args == 0) {
      filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, r->nr, 0, 1);
      filter[n++] = refuse;
      continue;
    }
    /* Past the argument tests, the refusal and the reload. */
    filter[n++] =
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, r->nr, 0, (uint8_t)(args + 3));
    /* prctl's option is an int: the upper half does not count. */
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                               offsetof(struct seccomp_data, args[0]));
    for (size_t a = 0; a < args; a++)
      filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, r->first_args[a],
                                                 (uint8_t)(args - 1 - a), a + 1 == args ? 1 : 0);
    filter[n++] = refuse;
    filter[n++] = load_nr;
  }
  filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  return n;
}

int main(int argc, char **argv) {
  struct sock_filter filter[PROLOGUE + KNOWN * PER_REFUSAL + 1];
  struct sock_fprog program = {.filter = filter};
  int selected[KNOWN] = {0};
  uint32_t action = SECCOMP_RET_ERRNO | ENOSYS;
  int any = 0;
  int i;

  for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strcmp(argv[i], "--help") == 0) {
      usage(stdout);
      return fflush(stdout) == 0 ? EXIT_SUCCESS : failed("standard output");
    }
    if (strcmp(argv[i], "--errno") != 0 && strcmp(argv[i], "--syscall") != 0)
      return bad_usage("unknown argument", argv[i]);
    if (i + 1 == argc) return bad_usage("no value for", argv[i]);
    if (strcmp(argv[i++], "--errno") == 0) {
      if (!find_action(argv[i], &action)) return bad_usage("unknown errno", argv[i]);
    } else {
      const char *unknown = NULL;

      if (!select_refusals(argv[i], selected, &unknown))
        return bad_usage("unknown system call", unknown);
      any = 1;
    }
  }
  if (!any) return bad_usage("no --syscall", NULL);
  if (i == argc || i + 1 == argc) return bad_usage("no command", NULL);

  program.len = (unsigned short)build_filter(filter, selected, action);

  /*
   * Root keeps its right to run set-user-ID programs, as in a container;
   * anybody else may only install a filter by giving that up.
   */
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) {
    if (errno != EACCES) return failed("seccomp");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("PR_SET_NO_NEW_PRIVS");
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) return failed("seccomp");
  }

  execvp(argv[i + 1], &argv[i + 1]);
  const int exec_errno = errno;
  fprintf(stderr, "refuse: %s: %s\n", argv[i + 1], strerror(exec_errno));
  return exec_errno == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC;
}
