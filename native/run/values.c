#define _GNU_SOURCE
#include "values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "making.h"

/* src/preload/inherit/shell-values.ts has the same rules. */
static const char REPLACED[] = "$\\{=!";
static const char DIGITS[] = "0123456789";
static const char NAME[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
static const char HEXADECIMAL[] = "0123456789abcdefABCDEF";

enum { DEEPEST = 32 };
/* JSON and programs have braces without end. Those of a longer text stay, and those deeper. */
enum { LONGEST_WITH_BRACES = 4096, DEEPEST_BRACES = 4 };

static void expand(struct making *how, size_t from, size_t to);

static char at_or_nul(const char *text, size_t at, size_t to) {
  if (at >= to) return '\0';
  return text[at];
}

/* The index of the brace that closes the one before an index, or of the end. */
static size_t closing(const char *text, size_t from, size_t to) {
  size_t open = 1;
  for (; from < to; from++) {
    if (text[from] == '{') open++;
    if (text[from] == '}' && --open == 0) return from;
  }
  return to;
}

/* Puts the value behind an operator such as `:-` in place, or else that of the name. */
static void put_operated(struct making *how, struct part name, size_t at, size_t end) {
  const char character = at_or_nul(how->text, at, end);
  if (character != '+' && !(is_one_of("-=", character) && is_empty(how, name))) {
    put_value(how, name);
    return;
  }
  expand(how, at + 1, end);
  if (character != '=') return;
  put_text(how, " ");
  put(how, name);
  put_text(how, "=");
  expand(how, at + 1, end);
}

/* Puts the value in place of the parameter behind a `$`. The index after it, or that of the `$`. */
static size_t parameter(struct making *how, size_t dollar, size_t to) {
  const char *text = how->text;
  bool braces = at_or_nul(text, dollar + 1, to) == '{';
  size_t at = dollar + (braces ? 2 : 1);
  size_t end = braces ? closing(text, at, to) : to;
  /* zsh has flags in parentheses. */
  if (braces && at_or_nul(text, at, end) == '(') at = until(")", text, at, end) + 1;
  char mark = at_or_nul(text, at, end);
  if (is_one_of("=~^!", mark)) at++;
  size_t from = at;
  bool is_number = is_one_of(DIGITS, at_or_nul(text, at, end));
  if (is_one_of("@*", at_or_nul(text, at, end)))
    at++;
  else
    while (at < end && is_one_of(NAME, text[at]) && (braces || at == from || !is_number)) at++;
  if (at == from && !(braces && at_or_nul(text, at, end) == ':')) return dollar;
  struct part name = {text + from, at - from};
  char *other = NULL;
  if (mark == '!' && !is_all(name)) {
    other = value_of(how, name);
    if (other == NULL) return to;
    if (other[0] != '\0') name = (struct part){other, strlen(other)};
  }
  if (!braces) {
    put_value(how, name);
  } else {
    if (at_or_nul(text, at, end) == '[') at = until("]", text, at, end) + 1;
    if (at_or_nul(text, at, end) == ':') at++;
    put_operated(how, name, at, end);
    at = end < to ? end + 1 : to;
  }
  free(other);
  return at;
}

/* Puts a character in place of its code. The index after it, or that of the backslash. */
static size_t escape(struct making *how, size_t backslash, size_t to) {
  char letter = at_or_nul(how->text, backslash + 1, to);
  bool is_octal = letter >= '0' && letter <= '7';
  if (!is_octal && !is_one_of("xuU", letter)) return backslash;
  size_t at = backslash + (is_octal ? 1 : 2);
  size_t end = at + (is_octal ? 3 : letter == 'x' ? 2 : letter == 'u' ? 4 : 8);
  char digits[9] = "";
  for (size_t i = 0; at < to && at < end; at++, i++) {
    if (!is_one_of(HEXADECIMAL, how->text[at]) || (is_octal && how->text[at] > '7')) break;
    digits[i] = how->text[at];
    digits[i + 1] = '\0';
  }
  unsigned long code = strtoul(digits, NULL, is_octal ? 8 : 16);
  /* Space to tilde. */
  if (code < 0x20 || code > 0x7e) return backslash;
  put(how, (struct part){&(char){(char)code}, 1});
  return at;
}

/* The next comma outside of other braces, or the end. */
static size_t comma(const char *text, size_t from, size_t to) {
  int open = 0;
  for (; from < to; from++) {
    if (text[from] == '{') open++;
    if (text[from] == '}') open--;
    if (text[from] == ',' && open == 0) break;
  }
  return from;
}

/* Puts `ac bc` in place of `{a,b}c`. The index after it, or that of the brace. */
static size_t alternatives(struct making *how, size_t brace, size_t to) {
  const char *text = how->text;
  if (how->depth > DEEPEST_BRACES || strnlen(text, LONGEST_WITH_BRACES + 1) > LONGEST_WITH_BRACES)
    return brace;
  size_t close = closing(text, brace + 1, to);
  if (close == to || comma(text, brace + 1, close) == close) return brace;
  size_t begin = word_start(how);
  char *before = strndup(how->made == NULL ? "" : how->made + begin, how->length - begin);
  if (before == NULL) {
    how->error = -ENOMEM;
    return to;
  }
  how->length = begin;
  size_t end = until(" \t\n;&|()<>", text, close, to);
  for (size_t from = brace + 1; from <= close && how->error == 0;) {
    size_t next = comma(text, from, close);
    put_text(how, before);
    expand(how, from, next);
    expand(how, close + 1, end);
    put_text(how, " ");
    from = next + 1;
  }
  free(before);
  return end;
}

/* Puts something else in place of what begins at an index. The index after it, or the same. */
static size_t replaced(struct making *how, size_t at, size_t to) {
  char next = at_or_nul(how->text, at + 1, to);
  switch (how->text[at]) {
    case '$':
      return next == '"' || next == '\'' ? at + 1 : parameter(how, at, to);
    case '\\':
      return escape(how, at, to);
    case '{':
      return alternatives(how, at, to);
    /* An alias has the name of a command behind it, and so has zsh's `=node`. */
    case '=':
      if (!how->renames) return is_between_words(how) && is_one_of(NAME, next) ? at + 1 : at;
      put_text(how, " ");
      return at + 1;
    /* In front of a command in an alias of git. */
    case '!':
      return how->renames && is_between_words(how) ? at + 1 : at;
    default:
      return at;
  }
}

static void expand(struct making *how, size_t from, size_t to) {
  if (++how->depth > DEEPEST) how->error = -E2BIG;
  while (from < to && how->error == 0) {
    size_t next = replaced(how, from, to);
    if (next == from)
      put(how, (struct part){how->text + from++, 1});
    else
      from = next;
  }
  how->depth--;
}

static int add_value(const struct words *words, size_t index, char *const envp[], struct words *out,
                     bool *differs) {
  const char *text = words->list[index].text;
  struct making how = {.text = text,
                       .before = words->list,
                       .before_count = index,
                       .after = words->list + index + 1,
                       .after_count = words->count - index - 1,
                       .envp = envp,
                       .renames = strstr(text, "alias") != NULL || strstr(text, "hash") != NULL};
  if (index > 0 && strpbrk(text, REPLACED) != NULL) {
    put_text(&how, "");
    expand(&how, 0, strlen(text));
  }
  int error = how.error;
  const char *value = how.made == NULL ? text : how.made;
  bool is_other = strcmp(value, text) != 0;
  if (is_other) *differs = true;
  if (error == 0)
    error = words_insert(out, out->count, value, is_other && strchr(text, '$') != NULL);
  free(how.made);
  return error;
}

int words_with_values(const struct words *words, char *const envp[], struct words *out) {
  bool differs = false;
  int error = 0;
  for (size_t i = 0; i < words->count && error == 0; i++)
    error = add_value(words, i, envp, out, &differs);
  if (!differs) words_cut(out, 0);
  return error;
}
