#ifndef MAYEXEC_RUN_CLEARING_WORD_H
#define MAYEXEC_RUN_CLEARING_WORD_H

#include <stdbool.h>

#include "words.h"

/*
 * Words of a command line that remove the preload from the environment of a Node behind them.
 * src/preload/inherit/clearing-word.ts has the same rules for children.
 */
struct clearing_words {
  bool is_behind_env;
  bool is_behind_exec;
  /* And in front of the text of -c. */
  bool is_behind_su;
};

/* Whether a word names env(1). */
bool is_env(const char *path);

/* Whether a word names su(1) or runuser(1), which give a login another environment. */
bool is_su(const char *path);
/*
 * Repeats the option of a login right behind su(1), which also takes it behind its text. 0, or
 * -errno.
 */
int put_login_first(struct words *words);

/* Whether the next word removes the preload. */
bool is_clearing(struct clearing_words *state, const char *word);

#endif
