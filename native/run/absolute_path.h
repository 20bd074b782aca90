#ifndef MAYEXEC_RUN_ABSOLUTE_PATH_H
#define MAYEXEC_RUN_ABSOLUTE_PATH_H

#include <limits.h>

/* Makes a path absolute, for programs that run in another directory. 0 or -errno. */
int absolute_path(const char *given, char path[PATH_MAX]);

#endif
