#define _GNU_SOURCE
#include "words.h"

#include <errno.h>
#include <string.h>

/* src/preload/inherit/child-words.ts reads the text of a child's words in the same way. */
static const char BETWEEN[] = " \t\n;&|(){}`$<>";
static const char QUOTES[] = "\"'\\";

static bool is_one_of(const char *characters, char character) {
  return character != '\0' && strchr(characters, character) != NULL;
}

/* A script that is named as Node is read as Node is: its first line is its own affair. */
static bool goes_on(const char *path, const struct program_file *file) {
  return file->interpreter[0] != '\0' && !is_named_node(path);
}

int follow_interpreters(const char *path, char *const argv[], const struct program_file *file,
                        struct words *out) {
  out->front_count = 0;
  out->front[out->front_count++] = goes_on(path, file) ? path : argv[0];
  out->arguments = argv + 1;
  out->path = path;
  out->file = file;
  for (int depth = 0; goes_on(out->path, out->file); depth++) {
    if (depth == MOST_INTERPRETERS) return -ELOOP;
    if (out->file->interpreter_argument[0] != '\0')
      out->front[out->front_count++] = out->file->interpreter_argument;
    out->path = out->file->interpreter;
    out->front[out->front_count++] = out->path;
    int error = examine(out->path, &out->interpreters[depth]);
    if (error != 0) return error;
    out->file = &out->interpreters[depth];
  }
  return 0;
}

const char *word_at(const struct words *words, size_t index) {
  if (index < words->front_count) return words->front[words->front_count - 1 - index];
  /* The arguments end with a null pointer, and no index is skipped. */
  return words->arguments[index - words->front_count];
}

/* How many characters stand for the end of a word here. To env -S, `\_` is a space. */
static size_t ends_word(const struct word_cursor *cursor, const char *at) {
  if (cursor->for_env && at[0] == '\\' && at[1] == '_') return 2;
  return is_one_of(BETWEEN, at[0]) ? 1 : 0;
}

/* How many characters are no part of a word here: a quote, or the end of a line that goes on. */
static size_t leaves_word(const char *at) {
  if (at[0] == '\\' && at[1] == '\n') return 2;
  return is_one_of(QUOTES, at[0]) ? 1 : 0;
}

static const char *next_of_text(struct word_cursor *cursor) {
  const char *at = cursor->rest;
  size_t length = 0, skipped;
  for (; *at != '\0'; at += skipped == 0 ? 1 : skipped) {
    skipped = ends_word(cursor, at);
    if (skipped > 0) {
      if (length > 0) break;
      continue;
    }
    skipped = leaves_word(at);
    if (skipped == 0 && length < sizeof cursor->piece - 1) cursor->piece[length++] = *at;
  }
  cursor->rest = at;
  cursor->piece[length] = '\0';
  return length == 0 ? NULL : cursor->piece;
}

const char *next_piece(struct word_cursor *cursor) {
  for (;;) {
    if (cursor->rest != NULL) {
      const char *piece = next_of_text(cursor);
      if (piece != NULL) return piece;
      cursor->rest = NULL;
    }
    const char *word = word_at(cursor->words, cursor->index);
    if (word == NULL) return NULL;
    cursor->index++;
    cursor->in_text =
        cursor->splits && (strpbrk(word, BETWEEN) != NULL || strpbrk(word, QUOTES) != NULL);
    if (!cursor->in_text) return word;
    cursor->rest = word;
  }
}
