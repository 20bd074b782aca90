#ifndef MAYEXEC_RUN_MAKING_H
#define MAYEXEC_RUN_MAKING_H

#include <stdbool.h>
#include <stddef.h>

#include "words.h"

/* A text that is made of another one, with the values that a shell would put into it. */
struct making {
  const char *text;
  /* The words in front of it. env(1) sets variables by them. */
  const struct word *before;
  size_t before_count;
  /* The words behind it. A shell's `$0` is the first. */
  const struct word *after;
  size_t after_count;
  char *const *envp;
  /* Whether a name may stand for a command in it. */
  bool renames;
  int depth;
  /* 0, or -errno. Then the rest is left out. */
  int error;
  char *made;
  size_t length;
  size_t room;
};

/* A part of a text. Without a beginning it is none. */
struct part {
  const char *from;
  size_t length;
};

bool is_one_of(const char *characters, char character);
/* The index of the first of these characters, or of the end. */
size_t until(const char *characters, const char *text, size_t from, size_t to);

void put(struct making *how, struct part part);
void put_text(struct making *how, const char *text);
/* Whether the next character begins a word. */
bool is_between_words(const struct making *how);
/* Where the word begins that is being made. */
size_t word_start(const struct making *how);

/* A copy of the value of a parameter, empty when it has none. A null pointer after an error. */
char *value_of(struct making *how, struct part name);
/* Puts the value of a parameter. Some names stand for all arguments. */
void put_value(struct making *how, struct part name);
bool is_all(struct part name);
/* Whether it has no value. */
bool is_empty(const struct making *how, struct part name);

#endif
