#define _GNU_SOURCE
#include "absolute_path.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int absolute_path(const char *given, char path[PATH_MAX]) {
  size_t length = 0;
  if (given[0] != '/') {
    if (getcwd(path, PATH_MAX) == NULL) return -errno;
    length = strlen(path);
    if (length + 1 >= PATH_MAX) return -ENAMETOOLONG;
    path[length++] = '/';
  }
  if (length + strlen(given) >= PATH_MAX) return -ENAMETOOLONG;
  (void)stpcpy(path + length, given);
  return 0;
}
