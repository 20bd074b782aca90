#ifndef MAYEXEC_RUN_REFUSAL_H
#define MAYEXEC_RUN_REFUSAL_H

#include <stdbool.h>

#include "audit_log.h"
#include "tables.h"

/*
 * What the launcher does not start, or leaves out of the environment. Under --audit it does
 * neither, and tells of it instead.
 */

/* From here on: to the log, unless that is a null pointer, and with `warn` on standard error. */
void only_tell(const struct audit_log *log, bool warn);
bool only_tells(void);

/* Says nothing of what is left out. */
void be_quiet(void);

/* REFUSED, once it is said; 0 under --audit. The option may be a null pointer. */
#define refuse_for(option, ...) refuse_texts(option, (const char *const[]){__VA_ARGS__, 0})
int refuse_texts(const char *option, const char *const *texts);

/* A variable is left out, or of the one that is named the option, which a gate may keep. */
void leave_out(const char *variable, const struct option_row *option, const char *gate);

/* Ends the line about all that was left out. */
void end_left_out(void);

#endif
