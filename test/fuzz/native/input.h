#ifndef MAYEXEC_FUZZ_INPUT_H
#define MAYEXEC_FUZZ_INPUT_H

/* What the targets of libFuzzer have in common. Each target is a file of this folder. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the run and keeps the input, when something is not as it must be. */
#define MUST(condition)                 \
  do {                                  \
    if (!(condition)) __builtin_trap(); \
  } while (0)

enum { MOST_WORDS = 64 };

/* The words of an input, each of which ends with a NUL; a null pointer comes last. */
struct input {
  char *bytes;
  char *words[MOST_WORDS + 1];
  size_t count;
};

void input_open(const uint8_t *data, size_t size, struct input *out);
void input_close(struct input *input);

/*
 * What the code under test writes goes here instead. It has to be lines of visible
 * characters. Forgets it.
 */
void check_what_was_written(void);

#endif
