#define _GNU_SOURCE
#include "clearing_word.h"

#include <string.h>

#include "text.h"

/* The options in the text of `-S`, which may stand in the same word. Or a null pointer. */
static const char *split_text(const char *word) {
  if (begins_with(word, "--s")) {
    const char *equals = strchr(word, '=');
    return equals == NULL ? NULL : equals + 1;
  }
  if (word[0] != '-' || word[1] == '-') return NULL;
  /* The first of these has the rest of the word as its value. */
  const char *option = strpbrk(word + 1, "iuCaS");
  return option != NULL && *option == 'S' ? option + 1 : NULL;
}

/* Whether an option of env(1) empties the environment. */
static bool empties(const char *word) {
  for (const char *text; (text = split_text(word)) != NULL;) word = text;
  if (strcmp(word, "-") == 0) return true;
  if (begins_with(word, "--")) return word[2] != '\0' && begins_with("--ignore-environment", word);
  if (word[0] != '-') return false;
  const char *option = strpbrk(word + 1, "iuCa");
  return option != NULL && *option == 'i';
}

/* An option of setpriv(1), which getopt(3) also takes shortened. */
static bool resets(const char *word) {
  return begins_with(word, "--res") &&
         (begins_with("--reset-env", word) || begins_with(word, "--reset-env"));
}

bool is_env(const char *path) { return strcmp(base_name(path), "env") == 0; }

bool is_clearing(struct clearing_words *state, const char *word) {
  if (strstr(word, "NODE_OPTIONS") != NULL || strstr(word, "MAYEXEC_") != NULL || resets(word) ||
      (state->is_behind_env && empties(word)) ||
      (state->is_behind_exec && *word == '-' && strchr(word, 'c') != NULL))
    return true;
  if (is_env(word)) state->is_behind_env = true;
  if (strcmp(word, "exec") == 0) state->is_behind_exec = true;
  return false;
}
