#include "closed_addons.h"

#include <stdatomic.h>

/*
 * One for all threads, because Node gives a Worker the options of the process, even after the main
 * thread gave up this right.
 */
static atomic_int closed;

int mayexec_addons_are_closed(void) { return atomic_load(&closed); }

void mayexec_close_addons(void) { atomic_store(&closed, 1); }
