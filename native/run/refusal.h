#ifndef MAYEXEC_RUN_REFUSAL_H
#define MAYEXEC_RUN_REFUSAL_H

#include <stdbool.h>

#include "audit_log.h"
#include "tables.h"

/*
 * Refusals of the launcher, and variables that it removes. Each has a record in the log. Under
 * --audit it only reports both.
 */

/*
 * The log for the records, unless it is a null pointer. Else `inherited` names one, unless that is
 * a null pointer too. It is opened for the first record.
 */
void record_in(const struct audit_log *log, const char *inherited);

/* From here on only report: to the log, and with `warn` on standard error. */
void only_tell(bool warn);
bool only_tells(void);

/* Do not print the removed variables. */
void be_quiet(void);

/* Prints the message and returns REFUSED. 0 under --audit. The option may be a null pointer. */
#define refuse_for(option, ...) refuse_texts(option, (const char *const[]){__VA_ARGS__, 0})
int refuse_texts(const char *option, const char *const *texts);

/* Prints why nothing is started, under --audit too. Returns STATUS_CANNOT_EXECUTE. */
#define start_nothing(...) start_nothing_for(0, (const char *const[]){__VA_ARGS__, 0})
/* For a negative errno. */
int start_nothing_for(int error, const char *const *texts);

/* Reports a removed variable, or an option that is removed from a variable. A gate may keep it. */
void leave_out(const char *variable, const struct option_row *option, const char *gate);

/* Ends the line about the removed variables. */
void end_left_out(void);

#endif
