#include "bringing_word.h"

#include <stddef.h>
#include <string.h>

#include "tables.h"
#include "text.h"

static bool is_option(const char *word, const char *name) {
  size_t length = strlen(name);
  return begins_with(word, name) && (word[length] == '\0' || word[length] == '=');
}

/*
 * An option of glibc's or musl's dynamic loader that makes it map other libraries. A link can give
 * the loader any name, so no word in front is looked at.
 */
static bool is_of_loader(const char *word) {
  return strcmp(word, "--audit") == 0 || is_option(word, "--preload") ||
         is_option(word, "--library-path") || begins_with(word, "--inhibit-") ||
         begins_with(word, "--glibc-hwcaps-");
}

static bool reaches_node(const char *word, size_t length) {
  for (size_t i = 0; i < variable_row_count; i++) {
    const struct variable_row *row = &variable_rows[i];
    size_t name = strlen(row->name);
    bool is_removed = row->effect == VARIABLE_REMOVED || row->effect == VARIABLE_CACHE;
    if (!is_removed || row->for_shells) continue;
    if (row->prefix ? length < name : length != name) continue;
    if (strncmp(word, row->name, name) == 0) return true;
  }
  return false;
}

/* An empty value brings in nothing. */
static bool sets_variable(const char *word) {
  const char *equals = strchr(word, '=');
  if (equals == NULL || equals[1] == '\0') return false;
  /* An option such as --setenv=NAME=VALUE. */
  if (*word == '-') return sets_variable(equals + 1);
  size_t length = (size_t)(equals - word);
  /* A shell's NAME+=VALUE and ${NAME:=VALUE}. */
  if (length > 0 && (word[length - 1] == '+' || word[length - 1] == ':')) length--;
  return reaches_node(word, length);
}

bool is_bringing(const char *word) { return sets_variable(word) || is_of_loader(word); }
