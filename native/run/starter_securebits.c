#define _GNU_SOURCE
#include "starter_securebits.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../securebits.h"

/* "user:[4294967295]" */
enum { NAMESPACE_SIZE = 32 };
static const char UNKNOWN[] = "unknown";

static void namespace_here(char name[NAMESPACE_SIZE]) {
  ssize_t length = readlink("/proc/self/ns/user", name, NAMESPACE_SIZE - 1);
  if (length < 0) {
    memcpy(name, UNKNOWN, sizeof UNKNOWN);
    return;
  }
  name[length] = '\0';
}

char *securebits_to_hand_on(unsigned bits) {
  static const char FILES[] = "restrict-file", INTERACTIVE[] = "deny-interactive";
  char *value = malloc(sizeof FILES + sizeof INTERACTIVE + NAMESPACE_SIZE + 1);
  if (value == NULL) return NULL;
  bool files = (bits & MAYEXEC_RESTRICT_FILE) != 0;
  bool interactive = (bits & MAYEXEC_DENY_INTERACTIVE) != 0;
  char *end = stpcpy(value, files ? FILES : "");
  end = stpcpy(end, files && interactive ? "," : "");
  end = stpcpy(stpcpy(end, interactive ? INTERACTIVE : ""), " ");
  namespace_here(end);
  return value;
}

bool are_lost(const char *value) {
  const char *space = strchr(value, ' ');
  char here[NAMESPACE_SIZE];
  namespace_here(here);
  return *value != '\0' &&
         (space == NULL || strcmp(space + 1, UNKNOWN) == 0 || strcmp(space + 1, here) != 0);
}
