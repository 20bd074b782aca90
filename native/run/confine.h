#ifndef MAYEXEC_RUN_CONFINE_H
#define MAYEXEC_RUN_CONFINE_H

#include "arguments.h"

/*
 * Restricts execution with Landlock to the paths of --allow-exec, the command's own file and its
 * dynamic loader. `loader` is empty for a program without one. 0, or the exit status after an error
 * message.
 */
int confine(const struct arguments *arguments, const char *command, const char *loader);

#endif
