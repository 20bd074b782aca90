/*
 * agreement < QUESTIONS: what the launcher makes of texts, for agreement.test.ts. A question
 * is a letter and a text, and ends with a NUL. Its answer is words, each ended by \1, and
 * then \2.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "bringing_word.h"
#include "clearing_word.h"
#include "given_name.h"
#include "values.h"
#include "words.h"

/* The splitter of NODE_OPTIONS is the launcher's own business. */
#include "../../native/run/node_options.c"

static void answer(const char *word) { (void)printf("%s\1", word); }

static void split_options(const char *text) {
  struct splitter splitter = {.at = text};
  char *word = malloc(strlen(text) + 1);
  while (next_word(&splitter, word)) answer(word);
  free(word);
}

static void split_text(const char *text, bool for_env) {
  char *const envp[] = {"PATH=/nonexistent", NULL};
  struct words given = {0}, pieces = {0};
  if (words_insert(&given, 0, text, false) != 0 ||
      words_split(&given, 0, for_env, envp, &pieces) != 0)
    exit(1);
  struct clearing_words state = {0};
  struct given_name given_name = {0};
  const char *clearing = NULL, *named = NULL, *bringing = NULL;
  for (size_t i = 0; i < pieces.count; i++) {
    const char *word = pieces.list[i].text;
    answer(word);
    answer(pieces.list[i].in_text ? "in a text" : "");
    if (clearing == NULL && is_clearing(&state, word)) clearing = word;
    if (bringing == NULL && is_bringing(word)) bringing = word;
    if (named == NULL && gives_option_name(&given_name, word)) named = word;
  }
  answer(named == NULL ? "-" : named);
  answer(clearing == NULL ? "-" : clearing);
  answer(bringing == NULL ? "-" : bringing);
}

/* The same words and variables as in agreement.test.ts. */
static void put_values(const char *text) {
  char *const envp[] = {"PATH=/nonexistent", "X=--build-snapshot", "N=a node", "E=", "I=X", NULL};
  const char *const given[] = {"sh", "P=-p", text, "name", "-i", "a b"};
  struct words words = {0}, values = {0};
  for (size_t i = 0; i < sizeof given / sizeof *given; i++)
    if (words_insert(&words, i, given[i], false) != 0) exit(1);
  if (words_with_values(&words, envp, &values) != 0) exit(1);
  answer(values.count == 0 ? text : values.list[2].text);
  words_free(&words);
  words_free(&values);
}

static void look_up(const char *word) {
  const struct option option = read_option(word);
  answer(option.row == NULL ? "-" : option.row->canonical);
}

int main(void) {
  char *question = NULL;
  size_t room = 0;
  while (getdelim(&question, &room, '\0', stdin) > 0) {
    if (question[0] == 'n') split_options(question + 1);
    if (question[0] == 't' || question[0] == 'e') split_text(question + 1, question[0] == 'e');
    if (question[0] == 'v') put_values(question + 1);
    if (question[0] == 'o') look_up(question + 1);
    (void)putchar('\2');
  }
  free(question);
  return 0;
}
