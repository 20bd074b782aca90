#ifndef MAYEXEC_RUN_PERMISSION_H
#define MAYEXEC_RUN_PERMISSION_H

#include <stdbool.h>

#include "option.h"

/* The settings of Node's permission model. */
struct permission {
  /* Also where it only reports what it would refuse: Node 24 loads no addons then, either. */
  bool is_on;
  /* Whether the program may load addons. */
  bool allows_addons;
};

void note_permission(struct permission *permission, struct option option);

/* Whether the preload may not load its addon. */
bool lacks_addons(struct permission permission);

#endif
