#ifndef MAYEXEC_RUN_ENVIRONMENT_H
#define MAYEXEC_RUN_ENVIRONMENT_H

#include "arguments.h"
#include "audit_log.h"
#include "permission.h"

/*
 * The environment of the command: without what brings in code or options, with
 * the preload first in NODE_OPTIONS, and with what the arguments ask for. Says
 * what was left out. It is for execve(2) alone, so nothing of it is freed.
 *
 * 0, REFUSED or -errno.
 */
int make_environment(char *const given[], const struct arguments *arguments,
                     const struct audit_log *log, const char *preload, struct permission permission,
                     char ***out);

/* The variable that makes the environment a policy of its own, or a null pointer. */
const char *policy_variable(char *const envp[]);

/* The log that the environment names, or a null pointer. */
const char *inherited_log(char *const envp[]);

#endif
