#ifndef MAYEXEC_RUN_VALUES_H
#define MAYEXEC_RUN_VALUES_H

#include "words.h"

/*
 * The words with the values that a shell would put into them, as far as these are known. None when
 * they stay the same. 0, or -errno; -E2BIG when there is more than can be read.
 */
int words_with_values(const struct words *words, char *const envp[], struct words *out);

#endif
