#ifndef MAYEXEC_RUN_WORDS_H
#define MAYEXEC_RUN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The kernel returns ELOOP for more. */
enum { MOST_INTERPRETERS = 5 };

struct word {
  char *text;
  /* Whether it is part of a longer text. */
  bool in_text;
};

/* A list of words, each with memory of its own. */
struct words {
  struct word *list;
  size_t count;
  size_t room;
};

/* The text is copied. 0, or -errno. */
int words_insert(struct words *words, size_t at, const char *text, bool in_text);
/* Removes the words from an index on. */
void words_cut(struct words *words, size_t from);
void words_free(struct words *words);

/*
 * The words from an index on. Before each script come the words of its first line. 0, or -errno.
 */
int words_resolve(const struct words *words, size_t from, char *const envp[], struct words *out);

/* The words from an index on. Each text is split as a shell or env(1) could split it. */
int words_split(const struct words *words, size_t from, bool for_env, char *const envp[],
                struct words *out);

#endif
