#ifndef MAYEXEC_ENFORCED_H
#define MAYEXEC_ENFORCED_H

/* Whether the process was told that every negative verdict binds. No call takes it back. */
int mayexec_is_enforced(void);

void mayexec_enforce(void);

#endif
