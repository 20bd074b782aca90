#ifndef MAYEXEC_ENFORCED_H
#define MAYEXEC_ENFORCED_H

/* Whether every negative verdict binds in this process. This cannot be undone. */
int mayexec_is_enforced(void);

void mayexec_enforce(void);

#endif
