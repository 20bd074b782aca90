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
/* Characters that also end a word for env -S. */
static const char BETWEEN_FOR_ENV[] = "\v\f\r";
/*
 * The letters that, after a backslash, are a blank to env -S. Another env -S in the text splits
 * there.
 */
static const char ESCAPED_BLANKS[] = "_tnvfr";
/* A value that is empty so far goes on with one of these. */
static const char GOES_ON[] = "`$({}<>\\";
/* Stands for a value that is not known. */
static const char UNKNOWN[] = "...";

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

void words_free(struct words *words) {
  words_cut(words, 0);
  free(words->list);
}

/* How the words of one command line are split. */
struct splitting {
  bool splits;
  bool for_env;
  char *const *envp;
  struct words *out;
  /* Whether a text may put the later words anywhere, as a shell does by "$@". */
  bool has_parameters;
};

/* How many characters end a word here. */
static size_t ends_word(struct splitting *how, const char *at) {
  if (how->for_env && at[0] == '\\' && is_one_of(ESCAPED_BLANKS, at[1])) return 2;
  if (how->for_env && is_one_of(BETWEEN_FOR_ENV, at[0])) return 1;
  return is_one_of(BETWEEN, at[0]) ? 1 : 0;
}

/* Whether a shell or env(1) could split it. Any other word stays whole. */
static bool is_text(struct splitting *how, const char *text) {
  if (!how->splits) return false;
  return strpbrk(text, BETWEEN) != NULL || strpbrk(text, QUOTES) != NULL ||
         (how->for_env && strpbrk(text, BETWEEN_FOR_ENV) != NULL);
}

/*
 * Whether its words are known: each command has the words that it has in the text. A shell leaves
 * these characters as they are, unless an alias, or a name that `hash` gives, replaces the words.
 */
static bool is_plain(const char *text) {
  static const char PLAIN[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
      "-_./:=,@%+ \t\n;&|";
  return text[strspn(text, PLAIN)] == '\0' && strstr(text, "alias") == NULL &&
         strstr(text, "hash") == NULL;
}

/* What a backslash and this character stand for. */
static char unescape(struct splitting *how, char escaped) {
  if (how->for_env && escaped == '_') return ' ';
  return escaped;
}

/*
 * Copies the word that begins here, with what its quotes hold together. Returns the end of it in
 * the text.
 */
static const char *read_whole(struct splitting *how, const char *at, char *word) {
  char quote = '\0';
  for (; *at != '\0'; at++) {
    if (quote == '\0' && ends_word(how, at) > 0) break;
    if (*at == '\\' && quote != '\'' && at[1] != '\0') {
      at++;
      if (*at != '\n') *word++ = unescape(how, *at);
    } else if (*at == quote) {
      quote = '\0';
    } else if (quote == '\0' && (*at == '"' || *at == '\'')) {
      quote = *at;
    } else {
      *word++ = *at;
    }
  }
  *word = '\0';
  return at;
}

/* Whether a word of a text is a name with what would end a word without quotes. */
static bool is_quoted_name(const char *word) {
  return word[0] != '-' && strpbrk(word, BETWEEN) != NULL;
}

/* A word while it is read. */
struct piece {
  char *text;
  size_t length;
  /* Whether a quote is left out, other than those of an empty value. */
  bool quoted;
};

static bool has_empty_value(const struct piece *piece) {
  return piece->length > 0 && piece->text[piece->length - 1] == '=';
}

/*
 * Reads one character into the word. Returns the number of characters that it has read or skipped.
 */
static size_t read_character(struct piece *piece, const char *at) {
  if (at[0] == '\\' && at[1] == '\n') return 2;
  if (!is_one_of(QUOTES, at[0])) {
    piece->text[piece->length++] = at[0];
    return 1;
  }
  if (at[0] != '\\' && at[1] == at[0] && has_empty_value(piece)) return 2;
  piece->quoted = true;
  return 1;
}

static int add(struct splitting *how, const char *word, bool in_text, int depth);
static int split(struct splitting *how, const char *text, int depth);

/* Adds the words that the kernel puts before a script. 0, or -errno. */
static int add_first_line(struct splitting *how, const char *word, int depth) {
  char path[PATH_MAX];
  struct mayexec_program_file file;
  if (depth == MOST_INTERPRETERS || word[0] == '-' || search(word, how->envp, path) != 0) return 0;
  int error = mayexec_examine(path, &file);
  if (error != 0 || !file.is_script) return error;
  error = add(how, file.line.interpreter, false, depth + 1);
  return error == 0 ? split(how, file.line.argument, depth + 1) : error;
}

static int add(struct splitting *how, const char *word, bool in_text, int depth) {
  int error = add_first_line(how, word, depth);
  return error == 0 ? words_insert(how->out, how->out->count, word, in_text) : error;
}

/* Adds a word of a text. The character `next` ends it. */
static int add_piece(struct splitting *how, struct piece *piece, char next, bool in_text,
                     int depth) {
  piece->text[piece->length] = '\0';
  int error = add(how, piece->text, in_text, depth);
  if (error != 0 || !has_empty_value(piece)) return error;
  /* Quotes may hold a blank. */
  if (!piece->quoted && !is_one_of(GOES_ON, next)) return 0;
  memcpy(piece->text + piece->length, UNKNOWN, sizeof UNKNOWN);
  return words_insert(how->out, how->out->count, piece->text, in_text);
}

/* Adds the words of a text. */
static int split(struct splitting *how, const char *text, int depth) {
  if (!is_text(how, text)) return *text == '\0' ? 0 : add(how, text, how->has_parameters, depth);
  if (strchr(text, '$') != NULL) how->has_parameters = true;
  bool in_text = how->has_parameters || !is_plain(text);
  struct piece piece = {.text = malloc(strlen(text) + sizeof UNKNOWN)};
  char *whole = malloc(strlen(text) + 1);
  int error = piece.text == NULL || whole == NULL ? -ENOMEM : 0;
  const char *whole_end = text;
  char before = '\0';
  bool is_target = false;
  while (*text != '\0' && error == 0) {
    if (text >= whole_end) whole_end = read_whole(how, text, whole);
    piece.length = 0;
    piece.quoted = false;
    while (*text != '\0' && ends_word(how, text) == 0) text += read_character(&piece, text);
    if (piece.length > 0) {
      /* The file of a redirection, and the end of a longer word, do not end options. */
      bool ends_options = !is_target && (before == ' ' || before == '\t');
      bool dashes = piece.length == 2 && memcmp(piece.text, "--", 2) == 0;
      if (!dashes || ends_options) error = add_piece(how, &piece, *text, in_text, depth);
      is_target = false;
    }
    if (error == 0 && text >= whole_end && is_quoted_name(whole))
      error = add(how, whole, in_text, depth);
    if (*text == '<' || *text == '>') is_target = true;
    before = *text;
    text += ends_word(how, text);
  }
  free(piece.text);
  free(whole);
  return error;
}

static int rewrite(const struct words *words, size_t from, struct splitting *how) {
  int error = 0;
  for (size_t i = from; i < words->count && error == 0; i++) {
    /* It had parameters before their values were put in place. */
    if (words->list[i].in_text) how->has_parameters = true;
    error = split(how, words->list[i].text, 0);
  }
  return error;
}

int words_resolve(const struct words *words, size_t from, char *const envp[], struct words *out) {
  struct splitting how = {.envp = envp, .out = out};
  return rewrite(words, from, &how);
}

int words_split(const struct words *words, size_t from, bool for_env, char *const envp[],
                struct words *out) {
  struct splitting how = {.splits = true, .for_env = for_env, .envp = envp, .out = out};
  return rewrite(words, from, &how);
}
