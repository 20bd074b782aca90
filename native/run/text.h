#ifndef MAYEXEC_RUN_TEXT_H
#define MAYEXEC_RUN_TEXT_H

#include <stdbool.h>
#include <string.h>

static inline bool begins_with(const char *word, const char *start) {
  return strncmp(word, start, strlen(start)) == 0;
}

/* The last part of a path. */
static inline const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

#endif
