#define _GNU_SOURCE
#include "words.h"

#include <errno.h>
#include <string.h>

/* What stands between the words of a shell, of env -S, and of a command in quotes. */
static const char BETWEEN[] = " \t\n\"'`\\;&|()<>{}$";

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

static const char *next_of_text(struct word_cursor *cursor) {
  cursor->rest += strspn(cursor->rest, BETWEEN);
  size_t length = strcspn(cursor->rest, BETWEEN);
  if (length == 0) return NULL;
  size_t kept = length < sizeof cursor->piece ? length : sizeof cursor->piece - 1;
  memcpy(cursor->piece, cursor->rest, kept);
  cursor->piece[kept] = '\0';
  cursor->rest += length;
  return cursor->piece;
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
    cursor->in_text = cursor->splits && strpbrk(word, BETWEEN) != NULL;
    if (!cursor->in_text) return word;
    cursor->rest = word;
  }
}
