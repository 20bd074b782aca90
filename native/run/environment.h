#ifndef MAYEXEC_RUN_ENVIRONMENT_H
#define MAYEXEC_RUN_ENVIRONMENT_H

#include "arguments.h"
#include "permission.h"

/*
 * The environment of the command: without what brings in code or options, with
 * the preload first in NODE_OPTIONS, and with what the arguments ask for. Says
 * what was left out. It is for execve(2) alone, so nothing of it is freed.
 *
 * 0, REFUSED or -errno.
 */
int make_environment(char *const given[], const struct arguments *arguments, const char *preload,
                     struct permission permission, char ***out);

#endif
