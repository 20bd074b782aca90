#define _GNU_SOURCE
#include "starter_securebits.h"

#include <stdlib.h>
#include <string.h>

#include "../securebits.h"
#include "../user_namespace.h"

static const char FILES[] = "restrict-file", INTERACTIVE[] = "deny-interactive";
/* No namespace has this name, so its securebits are obeyed in each. */
static const char NOWHERE[] = "user:[0]";

static void namespace_here(char name[MAYEXEC_USER_NAMESPACE]) {
  if (mayexec_user_namespace(name) != 0) memcpy(name, NOWHERE, sizeof NOWHERE);
}

/* Whether a list with commas has the word. */
static bool has_word(const char *list, size_t length, const char *word) {
  for (const char *end = list + length; list < end; list++) {
    size_t span = strcspn(list, ", ");
    if (strlen(word) == span && strncmp(list, word, span) == 0) return true;
    list += span;
  }
  return false;
}

char *securebits_to_hand_on(unsigned bits, const char *given) {
  bool lost = are_lost(given);
  char *value = malloc(sizeof FILES + sizeof INTERACTIVE + MAYEXEC_USER_NAMESPACE + 1);
  if (value == NULL) return NULL;
  size_t length = lost ? strcspn(given, " ") : 0;
  bool files = (bits & MAYEXEC_RESTRICT_FILE) != 0 || has_word(given, length, FILES);
  bool interactive = (bits & MAYEXEC_DENY_INTERACTIVE) != 0 || has_word(given, length, INTERACTIVE);
  char *end = stpcpy(value, files ? FILES : "");
  end = stpcpy(end, files && interactive ? "," : "");
  end = stpcpy(stpcpy(end, interactive ? INTERACTIVE : ""), " ");
  /* The given name may be that of a namespace to come. So name none. */
  if (lost)
    memcpy(end, NOWHERE, sizeof NOWHERE);
  else
    namespace_here(end);
  return value;
}

bool are_lost(const char *value) {
  const char *space = strchr(value, ' ');
  char here[MAYEXEC_USER_NAMESPACE];
  namespace_here(here);
  return *value != '\0' &&
         (space == NULL || strcmp(here, NOWHERE) == 0 || strcmp(space + 1, here) != 0);
}
