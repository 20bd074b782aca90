#ifndef MAYEXEC_RUN_AUDIT_TARGET_H
#define MAYEXEC_RUN_AUDIT_TARGET_H

#include <limits.h>

/* "syslog", "journal", or an absolute path: a child may run in another directory. 0, or -errno. */
int audit_target(const char *given, char target[PATH_MAX]);

/* Whether the program will find its log. 0, or the status to end with, once it has been said why
 * not. */
int check_audit_target(const char *given);

#endif
