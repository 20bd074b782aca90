#ifndef MAYEXEC_RUN_GIVEN_NAME_H
#define MAYEXEC_RUN_GIVEN_NAME_H

#include <stdbool.h>

/*
 * Words of a command line that set argv[0] of the program behind them. Node looks for options in
 * argv[0] too. src/preload/inherit/given-name.ts has the same rules for children.
 */
struct given_name {
  /* A program that can set names is in front. */
  bool is_behind_giver;
  /* A word from here on is the name. It need not be the next: a redirection may be before it. */
  bool is_next;
};

/* Whether Node would read a name as an option. */
bool is_option_name(const char *name);

/* Whether the next word sets such a name. */
bool gives_option_name(struct given_name *state, const char *word);

#endif
