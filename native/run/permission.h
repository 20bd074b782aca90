#ifndef MAYEXEC_RUN_PERMISSION_H
#define MAYEXEC_RUN_PERMISSION_H

#include <stdbool.h>

#include "option.h"

/* The settings of Node's permission model. */
struct permission {
  /* Whether it is on, and whether it only reports what it would refuse. */
  bool is_on, only_audits;
  /* Whether the program may load addons. */
  bool allows_addons;
};

void note_permission(struct permission *permission, struct option option);

/* Whether the preload needs an option to be readable. */
bool refuses(struct permission permission);

/* Whether the preload may not load its addon. */
bool lacks_addons(struct permission permission);

#endif
