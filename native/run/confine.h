#ifndef MAYEXEC_RUN_CONFINE_H
#define MAYEXEC_RUN_CONFINE_H

#include "arguments.h"

/*
 * Restricts execution, with Landlock, to what --allow-exec names, the command's
 * own file and its dynamic loader, which is empty for a program without one.
 * 0, or the status to end with, once it has been said why not.
 */
int confine(const struct arguments *arguments, const char *command, const char *loader);

#endif
