#include "enforced.h"

#include <stdatomic.h>

/* One for all threads: a Worker has JavaScript of its own, and this same library. */
static atomic_int enforced;

int mayexec_is_enforced(void) { return atomic_load(&enforced); }

void mayexec_enforce(void) { atomic_store(&enforced, 1); }
