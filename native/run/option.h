#ifndef MAYEXEC_RUN_OPTION_H
#define MAYEXEC_RUN_OPTION_H

#include <stdbool.h>

#include "strictness.h"
#include "tables.h"

/* One word that begins with a dash, as Node reads it. */
struct option {
  /* A null pointer for an option without a row. */
  const struct option_row *row;
  /* Whether the next word is its value, if that does not begin with a dash. */
  bool takes_word;
};

/* Follows the rules of src/tables/words.ts. */
struct option read_option(const char *word);

bool is_harmless(const struct option_row *row, struct strictness strictness);

/* Whether it would bring in code or options before the preload could check them. */
bool is_before_preload(const struct option_row *row);

#endif
