#ifndef MAYEXEC_RUN_PRELOAD_H
#define MAYEXEC_RUN_PRELOAD_H

#include <limits.h>

/*
 * The absolute path of the preload. It is at a fixed place relative to this program's own file, so
 * it depends on neither the environment nor the current directory. 0, or -errno.
 */
int preload_path(char path[PATH_MAX]);

#endif
