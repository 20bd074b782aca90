#define _GNU_SOURCE
#include "words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../program_file.h"
#include "search.h"

/* src/preload/inherit/child-words.ts reads the text of a child's words in the same way. */
static const char BETWEEN[] = " \t\n;&|(){}`$<>";
static const char QUOTES[] = "\"'\\";

static bool is_one_of(const char *characters, char character) {
  return character != '\0' && strchr(characters, character) != NULL;
}

int words_insert(struct words *words, size_t at, const char *text, bool in_text) {
  if (words->count == words->room) {
    const size_t room = 2 * words->room + 16;
    struct word *longer = reallocarray(words->list, room, sizeof *longer);
    if (longer == NULL) return -ENOMEM;
    words->list = longer;
    words->room = room;
  }
  char *copy = strdup(text);
  if (copy == NULL) return -ENOMEM;
  struct word *place = &words->list[at];
  memmove(place + 1, place, (words->count - at) * sizeof *place);
  *place = (struct word){.text = copy, .in_text = in_text};
  words->count++;
  return 0;
}

void words_cut(struct words *words, size_t from) {
  while (words->count > from) free(words->list[--words->count].text);
}

/* How the words of one command line are split. */
struct splitting {
  bool splits;
  bool for_env;
  char *const *envp;
  struct words *out;
};

/* How many characters end a word here. For env -S, `\_` is a space. */
static size_t ends_word(const struct splitting *how, const char *at) {
  if (how->for_env && at[0] == '\\' && at[1] == '_') return 2;
  return is_one_of(BETWEEN, at[0]) ? 1 : 0;
}

/* How many characters to skip here: a quote, or the end of a continued line. */
static size_t leaves_word(const char *at) {
  if (at[0] == '\\' && at[1] == '\n') return 2;
  return is_one_of(QUOTES, at[0]) ? 1 : 0;
}

static int add(const struct splitting *how, const char *word, bool in_text, int depth);
static int split(const struct splitting *how, const char *text, int depth);

/* Adds the words that the kernel puts in front of a script. 0, or -errno. */
static int add_first_line(const struct splitting *how, const char *word, int depth) {
  char path[PATH_MAX];
  struct mayexec_program_file file;
  if (depth == MOST_INTERPRETERS || word[0] == '-' || search(word, how->envp, path) != 0) return 0;
  int error = mayexec_examine(path, &file);
  if (error != 0 || !file.is_script) return error;
  error = add(how, file.line.interpreter, false, depth + 1);
  return error == 0 ? split(how, file.line.argument, depth + 1) : error;
}

static int add(const struct splitting *how, const char *word, bool in_text, int depth) {
  int error = add_first_line(how, word, depth);
  return error == 0 ? words_insert(how->out, how->out->count, word, in_text) : error;
}

/* Adds the words of a text. */
static int split(const struct splitting *how, const char *text, int depth) {
  if (!how->splits || (strpbrk(text, BETWEEN) == NULL && strpbrk(text, QUOTES) == NULL))
    return *text == '\0' ? 0 : add(how, text, false, depth);
  char *word = malloc(strlen(text) + 1);
  if (word == NULL) return -ENOMEM;
  int error = 0;
  while (*text != '\0' && error == 0) {
    size_t length = 0, skipped = 0;
    for (; *text != '\0'; text += skipped == 0 ? 1 : skipped) {
      skipped = ends_word(how, text);
      if (skipped > 0) break;
      skipped = leaves_word(text);
      if (skipped == 0) word[length++] = *text;
    }
    text += ends_word(how, text);
    word[length] = '\0';
    if (length > 0) error = add(how, word, true, depth);
  }
  free(word);
  return error;
}

static int rewrite(const struct words *words, size_t from, const struct splitting *how) {
  int error = 0;
  for (size_t i = from; i < words->count && error == 0; i++)
    error = split(how, words->list[i].text, 0);
  return error;
}

int words_resolve(const struct words *words, size_t from, char *const envp[], struct words *out) {
  const struct splitting how = {.envp = envp, .out = out};
  return rewrite(words, from, &how);
}

int words_split(const struct words *words, size_t from, bool for_env, char *const envp[],
                struct words *out) {
  const struct splitting how = {.splits = true, .for_env = for_env, .envp = envp, .out = out};
  return rewrite(words, from, &how);
}
