#ifndef MAYEXEC_CLOSED_ADDONS_H
#define MAYEXEC_CLOSED_ADDONS_H

/* Whether this process may load no addon but this one. This cannot be undone. */
int mayexec_addons_are_closed(void);

void mayexec_close_addons(void);

#endif
