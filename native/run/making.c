#define _GNU_SOURCE
#include "making.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* src/preload/inherit/shell-values.ts has the same rules. */
static const char ENDS_WORD[] = " \t\n;&|(){}`$<>";
static const char ENDS_COMMAND[] = ";&|)\n";
static const char DIGITS[] = "0123456789";
static const char NAME[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

/* Nothing that is longer could be given to a program. */
enum { MOST = 1 << 21 };

bool is_one_of(const char *characters, char character) {
  return character != '\0' && strchr(characters, character) != NULL;
}

void put(struct making *how, struct part part) {
  if (how->error != 0) return;
  if (how->length + part.length > MOST) {
    how->error = -E2BIG;
    return;
  }
  if (how->length + part.length + 1 > how->room) {
    const size_t room = 2 * (how->length + part.length) + 64;
    char *longer = realloc(how->made, room);
    if (longer == NULL) {
      how->error = -ENOMEM;
      return;
    }
    how->made = longer;
    how->room = room;
  }
  if (part.length > 0) memcpy(how->made + how->length, part.from, part.length);
  how->length += part.length;
  how->made[how->length] = '\0';
}

static struct part part_of(const char *text) { return (struct part){text, strlen(text)}; }

void put_text(struct making *how, const char *text) { put(how, part_of(text)); }

bool is_between_words(const struct making *how) {
  return how->length == 0 || is_one_of(ENDS_WORD, how->made[how->length - 1]);
}

size_t word_start(const struct making *how) {
  size_t at = how->length;
  while (at > 0 && !is_one_of(ENDS_WORD, how->made[at - 1])) at--;
  return at;
}

size_t until(const char *characters, const char *text, size_t from, size_t to) {
  while (from < to && !is_one_of(characters, text[from])) from++;
  return from;
}

/* The last place behind a name and a sign where the name is no part of another. Or NULL. */
static const char *last_behind(const struct making *how, struct part name, char sign) {
  for (size_t length = how->length; length > 0;) {
    const char *at = memrchr(how->made, sign, length);
    if (at == NULL) return NULL;
    length = (size_t)(at - how->made);
    if (length < name.length) return NULL;
    const char *begin = at - name.length;
    if (memcmp(begin, name.from, name.length) != 0) continue;
    if (begin == how->made || !is_one_of(NAME, begin[-1])) return at + 1;
  }
  return NULL;
}

static struct part from_to(const struct making *how, const char *from, const char *ends) {
  size_t at = (size_t)(from - how->made);
  return (struct part){from, until(ends, how->made, at, how->length) - at};
}

/* The value in `NAME=VALUE`. */
static struct part assigned(const struct making *how, struct part name) {
  const char *at = last_behind(how, name, '=');
  if (at == NULL) return (struct part){0};
  const char *ends = *at == '(' ? ")" : *at == '"' ? "\"" : *at == '\'' ? "'" : ENDS_WORD;
  return from_to(how, ends == ENDS_WORD ? at : at + 1, ends);
}

/* The rest of a command that names a variable, such as `for x in VALUE` and `read x <<<VALUE`. */
static struct part named(const struct making *how, struct part name) {
  const char *at = last_behind(how, name, ' ');
  return at == NULL ? (struct part){0} : from_to(how, at, ENDS_COMMAND);
}

/* The value in a word `NAME=VALUE` in front of the text. */
static struct part in_words(const struct making *how, struct part name) {
  for (size_t i = how->before_count; i-- > 0;) {
    const char *word = how->before[i].text;
    if (strncmp(word, name.from, name.length) == 0 && word[name.length] == '=')
      return part_of(word + name.length + 1);
  }
  return (struct part){0};
}

static struct part in_environment(const struct making *how, struct part name) {
  for (char *const *entry = how->envp; *entry != NULL; entry++)
    if (strncmp(*entry, name.from, name.length) == 0 && (*entry)[name.length] == '=')
      return part_of(*entry + name.length + 1);
  return (struct part){0};
}

static bool is_text(struct part part, const char *text) {
  return part.length == strlen(text) && memcmp(part.from, text, part.length) == 0;
}

/* The value of a parameter that has one. */
static struct part look_up(const struct making *how, struct part name) {
  if (name.length == 0) return (struct part){0};
  if (is_text(name, "IFS")) return part_of(" ");
  if (strspn(name.from, DIGITS) >= name.length) {
    size_t index = 0;
    for (size_t i = 0; i < name.length && index < how->after_count; i++)
      index = 10 * index + (size_t)(name.from[i] - '0');
    return index < how->after_count ? part_of(how->after[index].text) : named(how, part_of("--"));
  }
  struct part value = assigned(how, name);
  if (value.from == NULL) value = in_words(how, name);
  if (value.from == NULL) value = in_environment(how, name);
  return value.from == NULL ? named(how, name) : value;
}

/* A copy, because the text that is being made can move. */
char *value_of(struct making *how, struct part name) {
  struct part value = look_up(how, name);
  char *copy = strndup(value.from == NULL ? "" : value.from, value.length);
  if (copy == NULL) how->error = -ENOMEM;
  return copy;
}

/* The arguments of the shell, and those that its builtin `set --` sets. */
static void put_arguments(struct making *how) {
  put_value(how, part_of("99999"));
  for (size_t i = 1; i < how->after_count; i++) {
    put_text(how, " ");
    put_text(how, how->after[i].text);
  }
}

bool is_all(struct part name) {
  return is_text(name, "@") || is_text(name, "*") || is_text(name, "argv");
}

void put_value(struct making *how, struct part name) {
  if (is_all(name)) {
    put_arguments(how);
    return;
  }
  char *value = value_of(how, name);
  if (value != NULL) put_text(how, value);
  free(value);
}

bool is_empty(const struct making *how, struct part name) {
  return !is_all(name) && look_up(how, name).length == 0;
}
