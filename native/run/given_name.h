#ifndef MAYEXEC_RUN_GIVEN_NAME_H
#define MAYEXEC_RUN_GIVEN_NAME_H

#include <stdbool.h>

/*
 * Words of a command line that give the program behind them a name of their own. Node looks
 * for options in its own name, too. src/preload/inherit/given-name.ts has the same rules for
 * children.
 */
struct given_name {
  /* A program that gives names stood in front. */
  bool is_behind_giver;
  /* The next word is the name. */
  bool is_next;
};

/* Whether a name is, to Node, an option as well. */
bool is_option_name(const char *name);

/* Whether the next word gives such a name. */
bool gives_option_name(struct given_name *state, const char *word);

#endif
