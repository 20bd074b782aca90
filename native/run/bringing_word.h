#ifndef MAYEXEC_RUN_BRINGING_WORD_H
#define MAYEXEC_RUN_BRINGING_WORD_H

#include <stdbool.h>

/*
 * Words of a command line that bring unchecked code into a Node behind them: a variable that
 * env(1) or a shell sets, and an option of the dynamic loader, ld.so(8).
 * src/preload/inherit/bringing-word.ts has the same rules for children.
 */

/* Whether a word brings in code. */
bool is_bringing(const char *word);

#endif
