#ifndef MAYEXEC_LOADER_H
#define MAYEXEC_LOADER_H

#include <stddef.h>

/*
 * What the dynamic loader of this process knows, as lines: each ends in '\n', and a
 * name with a line end in it is left out. 0, with *lines for the caller to free, or
 * -errno.
 */

/* The path and the soname of each object that is loaded. */
int mayexec_loaded_libraries(char **lines);

/* The directories of LD_LIBRARY_PATH, as it was when the process started, and the
 * loader's own. -ENOSYS where libc does not tell. */
int mayexec_library_path(char **lines);

#endif
