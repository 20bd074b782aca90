#ifndef MAYEXEC_LOADER_H
#define MAYEXEC_LOADER_H

#include <stddef.h>

/*
 * What the dynamic loader of this process knows, as lines that each end in '\n'. A name
 * that contains a line end is left out. 0, with *lines for the caller to free, or -errno.
 */

/* The path and the soname of each loaded object. */
int mayexec_loaded_libraries(char **lines);

/*
 * The directories of LD_LIBRARY_PATH at the process's start, and the loader's own. -ENOSYS
 * where libc does not give them.
 */
int mayexec_library_path(char **lines);

#endif
