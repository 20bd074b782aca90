#define _GNU_SOURCE
#include "option.h"

#include <stddef.h>
#include <string.h>

/* Every option of Node and V8 is shorter. */
enum { LONGEST = 128 };

/* Any option with its harmless value. */
static const struct option_row with_harmless_value = {.name = "",
                                                      .canonical = "",
                                                      .why = "",
                                                      .instead = "",
                                                      .harmless_value = "",
                                                      .effect = HARMLESS,
                                                      .value = VALUE_REQUIRED,
                                                      .is_v8 = false,
                                                      .gate = -1};

static const char NEGATED[] = "--no-";

static const struct option_row *find(const char *name) {
  size_t low = 0, high = option_row_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp(name, option_rows[middle].name);
    if (order == 0) return &option_rows[middle];
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return NULL;
}

/* A row also applies to the negated form, unless that has its own row. */
static const struct option_row *look(const char *bare, bool negated) {
  char name[sizeof NEGATED + LONGEST];
  if (negated) {
    (void)stpcpy(stpcpy(name, NEGATED), bare);
    const struct option_row *row = find(name);
    if (row != NULL) return row;
  }
  (void)stpcpy(stpcpy(name, "--"), bare);
  return find(name);
}

/* V8 reads the options that Node does not know. It accepts one dash, and none behind "no". */
static const struct option_row *look_for_v8(const char *written) {
  const char *bare = written + (written[1] == '-' ? 2 : 1);
  bool negated = strncmp(bare, "no", 2) == 0;
  if (negated) bare += bare[2] == '-' ? 3 : 2;
  const struct option_row *row = look(bare, negated);
  return row != NULL && row->is_v8 ? row : NULL;
}

static const struct option_row *look_for(char *name) {
  bool is_long = strncmp(name, "--", 2) == 0;
  const struct option_row *row = is_long ? NULL : find(name);
  if (row != NULL) return row;
  for (char *at = name + 1; *at != '\0'; at++)
    if (*at == '_') *at = '-';
  if (is_long) {
    bool negated = strncmp(name, NEGATED, sizeof NEGATED - 1) == 0;
    row = look(name + (negated ? sizeof NEGATED - 1 : 2), negated);
  }
  return row != NULL ? row : look_for_v8(name);
}

struct option read_option(const char *word) {
  struct option option = {0};
  size_t length = strcspn(word, "=");
  if (length == 0 || length >= LONGEST) return option;
  char name[LONGEST];
  memcpy(name, word, length);
  name[length] = '\0';
  /* Two options in one. */
  option.row = strcmp(name, "-pe") == 0 ? find("--print") : look_for(name);
  if (option.row == NULL) return option;
  bool is_harmless_value = word[length] == '=' && option.row->harmless_value[0] != '\0' &&
                           strcmp(word + length + 1, option.row->harmless_value) == 0;
  if (is_harmless_value) option.row = &with_harmless_value;
  bool required = option.row->value == VALUE_REQUIRED && word[length] == '\0';
  option.takes_word = required || strcmp(option.row->canonical, "--print") == 0;
  return option;
}

bool is_harmless(const struct option_row *row, struct strictness strictness) {
  if (row->effect != WEAKENS_STRICT) return row->effect == HARMLESS;
  return !strictness.on || (row->gate >= 0 && (strictness.gates >> row->gate & 1) != 0);
}

bool is_before_preload(const struct option_row *row) {
  return row->effect == BEFORE_JAVASCRIPT || row->effect == CARRIES_OPTIONS ||
         row->effect == INSPECTOR;
}
