#include "enforced.h"

#include <stdatomic.h>

/* One for all threads: each Worker has its own JavaScript, but shares this library. */
static atomic_int enforced;

int mayexec_is_enforced(void) { return atomic_load(&enforced); }

void mayexec_enforce(void) { atomic_store(&enforced, 1); }
