#ifndef MAYEXEC_RUN_TABLES_H
#define MAYEXEC_RUN_TABLES_H

#include <stdbool.h>
#include <stddef.h>

/* The tables that tables.mjs generates from src/ at build time. */

enum option_effect {
  HARMLESS,
  LOADS_CHECKED,
  BEFORE_JAVASCRIPT,
  CARRIES_OPTIONS,
  INSPECTOR,
  WEAKENS_STRICT,
  INTERACTIVE,
  UNCHECKED,
};

enum option_value { VALUE_NONE, VALUE_OPTIONAL, VALUE_REQUIRED };

/* One name of an option of Node; an alias is a row of its own. */
struct option_row {
  const char *name;
  /* The name for messages. */
  const char *canonical;
  const char *why;
  /* What to do instead. */
  const char *instead;
  /* With this value, behind an equals sign, the option is harmless. Empty for none. */
  const char *harmless_value;
  enum option_effect effect;
  enum option_value value;
  bool is_v8;
  /* For an option that weakens --strict: the index of the gate that allows it, or -1. */
  int gate;
};

/* Sorted by name. */
extern const struct option_row option_rows[];
extern const size_t option_row_count;

enum variable_effect {
  VARIABLE_HARMLESS,
  VARIABLE_REMOVED,
  /* Removed without a word: a program does the same without it, in an audit too. */
  VARIABLE_CACHE,
  VARIABLE_NODE_OPTIONS,
};

struct variable_row {
  const char *name;
  /* The row covers every variable whose name begins with `name`. */
  bool prefix;
  enum variable_effect effect;
  /* Only shells read it. */
  bool for_shells;
};

extern const struct variable_row variable_rows[];
extern const size_t variable_row_count;

/* The names for --allow. The bit of each is its index. */
extern const char *const gates[];
extern const size_t gate_count;

struct errno_row {
  int number;
  const char *code;
  const char *text;
};

extern const struct errno_row errno_rows[];
extern const size_t errno_row_count;

/* A range of characters that are escaped in messages. */
struct hidden_row {
  unsigned first, last;
};

extern const struct hidden_row hidden_rows[];
extern const size_t hidden_row_count;

/* The option that --strict adds to NODE_OPTIONS. */
extern const char strict_option[];

extern const char version[];
extern const char help[];

#endif
