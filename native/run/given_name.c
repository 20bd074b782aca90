#define _GNU_SOURCE
#include "given_name.h"

#include <string.h>

#include "text.h"

/* A shell's builtin, and env(1) since coreutils 9.2. */
static const char EXEC[] = "exec", ENV[] = "env";
/* ld.so(8), whatever its name, and env(1). */
static const char OPTION[] = "--argv0";
/* zsh gives a command the argv[0] in this variable. */
static const char VARIABLE[] = "ARGV0=";

static bool gives_names(const char *word) {
  const char *base = base_name(word);
  return strcmp(base, EXEC) == 0 || strcmp(base, ENV) == 0;
}

/*
 * The name in `-a NAME` or `--argv0=NAME`. `-a` may be combined with other letters, and `--argv0`
 * may be shortened. Empty when the name is the next word. A null pointer for any other word.
 */
static const char *value_of(const char *word) {
  if (begins_with(word, "--")) {
    const char *equals = strchr(word, '=');
    const char *value = equals == NULL ? "" : equals + 1;
    /* The text of --split-string. */
    if (begins_with(word, "--s") && *value == '-') return value_of(value);
    return word[2] == 'a' ? value : NULL;
  }
  const char *letter = *word == '-' ? strchr(word, 'a') : NULL;
  return letter == NULL ? NULL : letter + 1;
}

static bool is_argv0(const char *word) {
  const size_t length = sizeof OPTION - 1;
  return begins_with(word, OPTION) && (word[length] == '\0' || word[length] == '=');
}

bool is_option_name(const char *name) { return begins_with(name, "--"); }

bool gives_option_name(struct given_name *state, const char *word) {
  const char *name = NULL;
  if (state->is_next) {
    name = word;
  } else if (begins_with(word, VARIABLE)) {
    name = word + strlen(VARIABLE);
  } else if (state->is_behind_giver || is_argv0(word)) {
    name = value_of(word);
    state->is_next = name != NULL && *name == '\0';
  }
  if (gives_names(word)) state->is_behind_giver = true;
  return name != NULL && is_option_name(name);
}
