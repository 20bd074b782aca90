#ifndef MAYEXEC_RUN_WORDS_H
#define MAYEXEC_RUN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "program_file.h"

/* Beyond that the kernel says ELOOP. */
enum { MOST_INTERPRETERS = 5 };

/* The words that the program gets in the end, when the kernel has gone from script to interpreter.
 */
struct words {
  /* What comes before the command's own arguments, the last first. */
  const char *front[2 * MOST_INTERPRETERS + 1];
  size_t front_count;
  char *const *arguments;
  /* The last of the files, which the others are read by. */
  const char *path;
  const struct program_file *file;
  /* Those on the way there. */
  struct program_file interpreters[MOST_INTERPRETERS];
};

/* 0, or -errno. */
int follow_interpreters(const char *path, char *const argv[], const struct program_file *file,
                        struct words *out);

/* The word with this index, or a null pointer. */
const char *word_at(const struct words *words, size_t index);

/* Goes through the words, or through what a shell would make of the text in them. */
struct word_cursor {
  const struct words *words;
  size_t index;
  /* Whether words are split. */
  bool splits;
  /* Whether env(1) may read the text. */
  bool for_env;
  /* Within the word, while it is split. */
  const char *rest;
  /* Whether the last piece is one of several in a word. */
  bool in_text;
  char piece[PATH_MAX];
};

/* The next word or piece, or a null pointer. A piece that is too long for any path is cut off. */
const char *next_piece(struct word_cursor *cursor);

#endif
