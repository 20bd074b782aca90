#ifndef MAYEXEC_RUN_STARTER_SECUREBITS_H
#define MAYEXEC_RUN_STARTER_SECUREBITS_H

#include <stdbool.h>

/*
 * A new user namespace clears the securebits. So the preload gets them by a variable, too, with the
 * namespace in which they count. src/preload/starter-securebits.ts reads it.
 */

/* The value for these securebits here, and for those of the given value if they are lost. The
 * caller frees it. A null pointer without memory. */
char *securebits_to_hand_on(unsigned bits, const char *given);

/* Whether the value comes from another user namespace, so that its securebits are cleared here. */
bool are_lost(const char *value);

#endif
