#ifndef MAYEXEC_RUN_PRELOAD_H
#define MAYEXEC_RUN_PRELOAD_H

#include <limits.h>

/*
 * The absolute path of the preload: it lies at a fixed place from this very
 * program's file, so neither the environment nor a directory decides. 0, or
 * -errno.
 */
int preload_path(char path[PATH_MAX]);

#endif
