/*
 * mayexec-run: becomes a command under the exec securebits, with the preload first. It does not run
 * in Node and is linked statically, so no variable or argument can bring in code before it has
 * checked them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "../program_file.h"
#include "../securebits.h"
#include "arguments.h"
#include "audit_log.h"
#include "command_line.h"
#include "confine.h"
#include "environment.h"
#include "message.h"
#include "preload.h"
#include "refusal.h"
#include "search.h"
#include "signal_option.h"
#include "status.h"

enum {
  BOTH = MAYEXEC_RESTRICT_FILE | MAYEXEC_DENY_INTERACTIVE,
  LOCKS = MAYEXEC_RESTRICT_FILE_LOCKED | MAYEXEC_DENY_INTERACTIVE_LOCKED,
};

static int cannot_start(int error, const char *call, const char *path) {
  struct error_texts texts = texts_of_error("", error, call, path);
  if (error == -EACCES || error == -EPERM) return start_nothing_for(error, texts.list);
  say_texts(texts.list);
  return error == -ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_EXECUTE;
}

/* 0, or the status. */
static int set_securebits(const struct arguments *arguments) {
  int before = mayexec_get_securebits();
  unsigned wanted = arguments->only == 0 ? BOTH : arguments->only;
  unsigned after = (unsigned)before | wanted | (arguments->lock ? LOCKS : 0U);
  /* Do not clear a bit that another program has set. */
  if (before >= 0 && (after & BOTH) != wanted)
    return start_nothing(
        "--only: the other securebit is already set in this environment, so "
        "nothing was started. Start mayexec-run where no policy is set");
  if (before >= 0 && after == (unsigned)before) return 0;
  int error = before < 0 ? before : mayexec_set_securebits(after);
  if (error == 0) return 0;
  struct error_texts texts = texts_of_error(
      "the exec securebits cannot be set, so nothing was started: ", error, "prctl", NULL);
  (void)start_nothing_for(error, texts.list);
  say("they need Linux 6.14, and prctl(PR_SET_SECUREBITS) must be allowed in seccomp filters");
  return STATUS_CANNOT_EXECUTE;
}

/* Puts the preload before all other code. 0, or the status. */
static int put_preload_first(const struct arguments *arguments, const struct audit_log *log,
                             const char *path, const struct mayexec_program_file *file,
                             char *const envp[], char ***environment) {
  char preload[PATH_MAX];
  int error = preload_path(preload);
  if (error != 0) {
    say_error("the preload is missing at its place relative to this program (/proc/self/exe): ",
              error, "open", "../../dist/register.cjs");
    return STATUS_CANNOT_EXECUTE;
  }
  struct permission permission = {0};
  error = check_command(path, arguments->command, envp, arguments->strictness, file, &permission);
  if (error == REFUSED) return STATUS_CANNOT_EXECUTE;
  if (error != 0) return cannot_start(error, "execve", arguments->command[0]);
  error = make_environment(envp, arguments, log, preload, permission,
                           closes_signal(arguments, file, envp), environment);
  if (error == REFUSED) return STATUS_CANNOT_EXECUTE;
  return error == 0 ? 0 : cannot_start(error, "malloc", NULL);
}

/* Returns only when the command could not be started. */
static int launch(const struct arguments *arguments, const struct audit_log *log, char **envp) {
  char path[PATH_MAX];
  const char *name = arguments->command[0];
  int error = search(name, envp, path);
  if (error != 0) return cannot_start(error, "execve", name);
  struct mayexec_program_file file;
  error = mayexec_examine(path, &file);
  if (error != 0) return cannot_start(error, "open", path);

  char **environment = envp;
  if (!arguments->no_preload) {
    error = put_preload_first(arguments, log, path, &file, envp, &environment);
    if (error != 0) return error;
  }

  int status = arguments->confined ? confine(arguments, path, file.loader) : 0;
  if (status == 0 && !arguments->audit) status = set_securebits(arguments);
  if (status != 0) return status;
  (void)execve(path, arguments->command, environment);
  return cannot_start(-errno, "execve", name);
}

/* An existing policy would also refuse in an audit. 0, or the status. */
static int check_freedom(char *const envp[]) {
  int bits = mayexec_get_securebits();
  const char *variable = policy_variable(envp);
  if (bits >= 0 && ((unsigned)bits & BOTH) != 0) {
    return start_nothing(
        "the exec securebits are set here and could refuse files of the program, "
        "so nothing was started. Run the audit where they are not set");
  }
  if (variable == NULL) return 0;
  return start_nothing(
      variable,
      " is set here and could refuse files of the program, so nothing was started. "
      "Unset it");
}

/* 0, or the status. */
static int begin_audit(const struct arguments *arguments, const struct audit_log *log,
                       char *const envp[]) {
  if (log == NULL && !arguments->warn) {
    say("--audit needs an output: add --audit-log TARGET or --warn");
    return STATUS_FAILURE;
  }
  only_tell(arguments->warn);
  return check_freedom(envp);
}

/*
 * A signal that is blocked and pending stays so across execve, and SIGUSR1 opens Node's inspector
 * before any preload. Ignoring a signal takes it from the pending ones.
 */
static int discard_signal(int number) {
  void (*before)(int) = signal(number, SIG_IGN);
  if (before != SIG_ERR && signal(number, before) != SIG_ERR) return 0;
  say_error("a pending signal cannot be discarded: ", -errno, "signal", "SIGUSR1");
  return STATUS_CANNOT_EXECUTE;
}

int main(int argc, char **argv, char **envp) {
  struct arguments arguments;
  int status = parse_arguments(argc, argv, &arguments);
  /* A word that the launcher does not know may be what acted on that Node. */
  if (status == STATUS_FAILURE && arguments.acted_before != NULL && !arguments.audit &&
      !arguments.warn)
    return start_nothing(arguments.acted_before);
  if (status != PARSED) return status;
  if (arguments.quiet) be_quiet();
  status = discard_signal(SIGUSR1);
  if (status != 0) return status;

  const char *target = arguments.audit_log;
  if (target == NULL && arguments.audit) target = inherited_log(envp);
  struct audit_log log;
  if (target != NULL) {
    status = open_audit_log(target, &log);
    if (status != 0) return status;
  }
  if (target == NULL && arguments.log_text != NULL && inherited_log(envp) == NULL) {
    say("--log-text says what is written, and there is nowhere to write it: add "
        "--audit-log TARGET");
    return STATUS_FAILURE;
  }
  if (target == NULL && arguments.records != NULL && inherited_log(envp) == NULL) {
    say("--log says which verdicts are written, and there is nowhere to write them: add "
        "--audit-log TARGET");
    return STATUS_FAILURE;
  }
  const struct audit_log *opened = target == NULL ? NULL : &log;
  record_in(opened, inherited_log(envp));
  if (arguments.audit) {
    status = begin_audit(&arguments, opened, envp);
    if (status != 0) return status;
  }
  if (arguments.acted_before != NULL && refuse_for(NULL, arguments.acted_before) != 0)
    return STATUS_CANNOT_EXECUTE;
  return launch(&arguments, opened, envp);
}
