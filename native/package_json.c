#include "package_json.h"

#include <string.h>

#include "node_code.h"

struct text {
  const char *at;
  const char *end;
};

/* What is between the quotes of a string, as it is written. */
struct string {
  const char *start;
  size_t length;
  /* Whether escapes in it may stand for a character that matters here. */
  int hidden;
};

/* The fields of a package.json that name files. */
enum field { OTHER, ENTRY, MAP, UNKNOWN };

/* Reads a string whose opening quote is next. 0 when it has no end. */
static int read_string(struct text *t, struct string *s) {
  *s = (struct string){.start = t->at + 1};
  for (const char *at = s->start; at < t->end; at++) {
    if (*at == '"') {
      s->length = (size_t)(at - s->start);
      t->at = at + 1;
      return 1;
    }
    if (*at == '\\' && ++at < t->end && (*at == 'u' || *at == '/')) s->hidden = 1;
  }
  return 0;
}

/* Whether the string that was read is a key. */
static int is_key(const struct text *t) {
  const char *at = t->at;
  while (at < t->end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) at++;
  return at < t->end && *at == ':';
}

static int equals(const struct string *s, const char *word) {
  return s->length == strlen(word) && memcmp(s->start, word, s->length) == 0;
}

static enum field field_of(const struct string *key) {
  if (key->hidden) return UNKNOWN;
  if (equals(key, "main") || equals(key, "bin")) return ENTRY;
  return equals(key, "exports") || equals(key, "imports") ? MAP : OTHER;
}

/* Where the last component begins. */
static size_t base_of(const struct string *s) {
  size_t base = s->length;
  while (base > 0 && s->start[base - 1] != '/') base--;
  return base;
}

/* Code by its name, or nothing that is loaded as code. */
static int is_plain(const struct string *s) {
  static const char json[] = ".json";
  const size_t end = sizeof json - 1;
  if (s->length == 0) return 1;
  if (s->length > end && memcmp(s->start + s->length - end, json, end) == 0) return 1;
  const size_t base = base_of(s);
  return mayexec_is_code_name(s->start + base, s->length - base);
}

/* "./name", where a leading dot of the name makes no extension; no pattern. */
static int lacks_extension(const struct string *s) {
  if (s->length < 2 || memcmp(s->start, "./", 2) != 0) return 0;
  const size_t base = base_of(s);
  if (base == s->length || memchr(s->start, '*', s->length) != NULL) return 0;
  return memchr(s->start + base + 1, '.', s->length - base - 1) == NULL;
}

static int names_code(enum field field, const struct string *value) {
  if (field == ENTRY) return value->hidden || !is_plain(value);
  return field == MAP && (value->hidden || lacks_extension(value));
}

int mayexec_may_name_code(const char *text, size_t length) {
  struct text t = {text, text + length};
  enum field field = OTHER;
  size_t depth = 0;
  while (t.at < t.end) {
    struct string s;
    switch (*t.at) {
      case '"':
        if (!read_string(&t, &s)) return 0;
        if (!is_key(&t)) {
          if (names_code(field, &s)) return 1;
        } else if (depth == 1) {
          field = field_of(&s);
          if (field == UNKNOWN) return 1;
        }
        continue;
      case '{':
      case '[':
        depth++;
        break;
      case '}':
      case ']':
        depth--;
        break;
      default:
        break;
    }
    t.at++;
  }
  return 0;
}
