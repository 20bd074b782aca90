#ifndef MAYEXEC_RUN_COMMAND_LINE_H
#define MAYEXEC_RUN_COMMAND_LINE_H

#include <stdbool.h>

#include "../program_file.h"
#include "permission.h"
#include "strictness.h"

/*
 * Whether a command may be started: 0, REFUSED or -errno.
 *
 * `path` is the file that will be executed and `argv` what it will be given. The
 * kernel's way from a script to its interpreter is followed. A Node's options
 * must be harmless, or loads that the preload checks. What starts another
 * program, as env(1) does, must not start a Node with options that act before
 * the preload. Whatever is no Node has its arguments for itself. `permission`
 * gets what a Node's options say of that.
 */
int check_command(const char *path, char *const argv[], char *const envp[],
                  struct strictness strictness, const struct mayexec_program_file *file,
                  struct permission *permission);

#endif
