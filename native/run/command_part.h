#ifndef MAYEXEC_RUN_COMMAND_PART_H
#define MAYEXEC_RUN_COMMAND_PART_H

#include "words.h"

/* The words behind a Node. */
struct part {
  const struct words *words;
  size_t from, to;
  /* Whether none of them belongs to another command. */
  bool is_one_command;
};

/* The words from an index on. */
struct part all_words(const struct words *words, size_t from);

/*
 * The words behind the Node with this index. Behind its script, all words of the command are the
 * program's. When it is not certain which word is the script, all words to the end.
 */
struct part words_behind(const struct words *words, size_t node);

#endif
