#ifndef MAYEXEC_RUN_ENVIRONMENT_H
#define MAYEXEC_RUN_ENVIRONMENT_H

#include <stdbool.h>

#include "arguments.h"
#include "audit_log.h"
#include "permission.h"

/*
 * Makes the environment of the command: without variables that bring in code or options, with the
 * preload first in NODE_OPTIONS, and with the settings of the arguments. Prints the removed
 * variables. It is only for execve(2), so nothing is freed.
 *
 * 0, REFUSED or -errno.
 */
int make_environment(char *const given[], const struct arguments *arguments,
                     const struct audit_log *log, const char *preload, struct permission permission,
                     bool closes_signal, char ***out);

/* The variable in the environment that sets a policy, or a null pointer. */
const char *policy_variable(char *const envp[]);

/* The log in the environment, or a null pointer. */
const char *inherited_log(char *const envp[]);

#endif
