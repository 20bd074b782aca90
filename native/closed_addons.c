#include "closed_addons.h"

#include <stdatomic.h>

/* One for all threads: Node gives a Worker what the process was given, and not what is left of it.
 */
static atomic_int closed;

int mayexec_addons_are_closed(void) { return atomic_load(&closed); }

void mayexec_close_addons(void) { atomic_store(&closed, 1); }
