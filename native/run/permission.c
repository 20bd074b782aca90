#include "permission.h"

#include <string.h>

static bool is_called(struct option option, const char *name) {
  return option.row != NULL && strcmp(option.row->canonical, name) == 0;
}

void note_permission(struct permission *permission, struct option option) {
  permission->is_on |= is_called(option, "--permission") || is_called(option, "--permission-audit");
  permission->allows_addons |= is_called(option, "--allow-addons");
}

bool lacks_addons(struct permission permission) {
  return permission.is_on && !permission.allows_addons;
}
