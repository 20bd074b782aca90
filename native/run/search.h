#ifndef MAYEXEC_RUN_SEARCH_H
#define MAYEXEC_RUN_SEARCH_H

#include <limits.h>

/*
 * The file that execvp(3) would execute for a name, by the PATH of this environment. 0, or -errno:
 * -ENOENT when there is none, -EACCES when it cannot be executed.
 */
int search(const char *name, char *const envp[], char path[PATH_MAX]);

#endif
