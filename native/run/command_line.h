#ifndef MAYEXEC_RUN_COMMAND_LINE_H
#define MAYEXEC_RUN_COMMAND_LINE_H

#include <stdbool.h>

#include "../program_file.h"
#include "permission.h"
#include "strictness.h"

/*
 * Whether a command may be started: 0, REFUSED or -errno.
 *
 * `path` is the file that will be executed, and `argv` its arguments. This follows a script to its
 * interpreter as the kernel does. A Node's options must be harmless, or load files that the preload
 * checks. A program that starts another, such as env(1), must not start a Node with options that
 * act before the preload. The arguments of all other programs are free. `permission` receives the
 * settings of Node's permission model.
 */
int check_command(const char *path, char *const argv[], char *const envp[],
                  struct strictness strictness, const struct mayexec_program_file *file,
                  struct permission *permission);

#endif
