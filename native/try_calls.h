#ifndef MAYEXEC_TRY_CALLS_H
#define MAYEXEC_TRY_CALLS_H

/*
 * Finds the deadly calls (deadly_calls.h) among those that Node itself does not make: a thread of
 * its own makes them, if this one has a filter. Call this before any other thread does. Only the
 * first call in a process does anything. A filter that comes later is not noticed.
 */
void mayexec_try_calls(void);

#endif
