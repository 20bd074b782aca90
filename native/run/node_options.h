#ifndef MAYEXEC_RUN_NODE_OPTIONS_H
#define MAYEXEC_RUN_NODE_OPTIONS_H

#include "permission.h"
#include "strictness.h"
#include "tables.h"

/* Is told what was left out, and which gate of --strict would keep it, if any. */
typedef void node_option_removed(const struct option_row *row, const char *gate);

/*
 * The entry of an environment, "NODE_OPTIONS=...", by which the preload comes
 * first, and of what was given only what is harmless is left. The preload is an
 * absolute path. `permission` is what the command line says: where the addon may
 * not be loaded, that right comes right behind the preload, which takes it back.
 * The text is the caller's to free.
 *
 * 0, or -errno; REFUSED when an option that nobody knows is among them.
 */
int clean_node_options(const char *given, const char *preload, struct strictness strictness,
                       struct permission permission, node_option_removed *removed, char **entry);

#endif
