#ifndef MAYEXEC_RUN_CLEARING_WORD_H
#define MAYEXEC_RUN_CLEARING_WORD_H

#include <stdbool.h>

/*
 * Words of a command line that remove the preload from the environment of a Node behind them.
 * src/preload/inherit/clearing-word.ts has the same rules for children.
 */
struct clearing_words {
  bool is_behind_env;
  bool is_behind_exec;
};

/* Whether a word names env(1). */
bool is_env(const char *path);

/* Whether the next word removes the preload. */
bool is_clearing(struct clearing_words *state, const char *word);

#endif
