#ifndef MAYEXEC_RUN_SIGNAL_OPTION_H
#define MAYEXEC_RUN_SIGNAL_OPTION_H

#include <stdbool.h>

#include "../program_file.h"
#include "arguments.h"

/*
 * Whether NODE_OPTIONS get --disable-sigusr1: interactive code is going to be denied, and the
 * command is no Node that is too old for the option. Without it SIGUSR1 opens the inspector before
 * the preload runs.
 */
bool closes_signal(const struct arguments *arguments, const struct mayexec_program_file *file,
                   char *const envp[]);

#endif
