#ifndef MAYEXEC_RUN_NODE_OPTIONS_H
#define MAYEXEC_RUN_NODE_OPTIONS_H

#include <stdbool.h>

#include "permission.h"
#include "strictness.h"
#include "tables.h"

/* Called for each removed option, with the gate of --strict that would keep it, if any. */
typedef void node_option_removed(const struct option_row *row, const char *gate);

/*
 * Makes the environment entry "NODE_OPTIONS=...". The preload comes first. Of the given options
 * only the harmless ones stay. The preload is an absolute path. `permission` comes from the command
 * line. If the program may not load addons, the option for that right follows right behind the
 * preload, which gives it up again. `closes_signal` adds --disable-sigusr1. The caller frees the
 * text.
 *
 * 0, or -errno. REFUSED when there is an unknown option.
 */
int clean_node_options(const char *given, const char *preload, struct strictness strictness,
                       struct permission permission, bool closes_signal,
                       node_option_removed *removed, char **entry);

#endif
