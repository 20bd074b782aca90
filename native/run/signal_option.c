#define _GNU_SOURCE
#include "signal_option.h"

#include "../securebits.h"
#include "clearing_word.h"
#include "environment.h"
#include "search.h"

static bool denies_interactive(const struct arguments *arguments, char *const envp[]) {
  if (arguments->audit) return false;
  int before = mayexec_get_securebits();
  unsigned bits = arguments->only == 0 ? MAYEXEC_DENY_INTERACTIVE : arguments->only;
  if (before >= 0) bits |= (unsigned)before;
  return (bits & MAYEXEC_DENY_INTERACTIVE) != 0 || policy_variable(envp) != NULL;
}

static bool is_old_node(const char *name, char *const envp[]) {
  char path[PATH_MAX];
  struct mayexec_program_file file;
  return search(name, envp, path) == 0 && mayexec_examine(path, &file) == 0 && file.is_old_node;
}

/* Also behind the first line of a script: `#!/usr/bin/node` or `#!/usr/bin/env node`. */
static bool starts_old_node(const struct arguments *arguments,
                            const struct mayexec_program_file *file, char *const envp[]) {
  if (file->is_old_node) return true;
  const char *program = arguments->command[0], *argument = arguments->command[1];
  if (file->is_script) {
    program = file->line.interpreter;
    argument = file->line.argument;
    if (is_old_node(program, envp)) return true;
  }
  return argument != NULL && argument[0] != '\0' && is_env(program) && is_old_node(argument, envp);
}

bool closes_signal(const struct arguments *arguments, const struct mayexec_program_file *file,
                   char *const envp[]) {
  return denies_interactive(arguments, envp) && !starts_old_node(arguments, file, envp);
}
