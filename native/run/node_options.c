#define _GNU_SOURCE
#include "node_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "option.h"
#include "refusal.h"
#include "status.h"

static const char NAME[] = "NODE_OPTIONS=";
static const char REQUIRE[] = "--require=";
/* The same as in src/preload/inherit/preload-option.ts. */
static const char ALLOW_ADDONS[] = "--allow-addons";
static const char UNWARNED[] = "--disable-warning=PERM0001";
static const char WITHOUT_SIGNAL[] = "--disable-sigusr1";
static const char ALLOW_READ[] = "--allow-fs-read=";

/* The words of NODE_OPTIONS, one by one. */
struct splitter {
  const char *at;
  /* Whether --disable-sigusr1 belongs to the preload. */
  bool closes_signal;
};

/*
 * Node splits at spaces outside of double quotes. A backslash escapes within quotes. Empty words
 * are skipped. `word` has enough room, because a word is never longer than its source. False when
 * no word is left.
 */
static bool next_word(struct splitter *splitter, char *word) {
  const char *at = splitter->at;
  char *end = word;
  bool quoted = false;
  for (; *at != '\0' && (quoted || *at != ' ' || end == word); at++) {
    if (*at == '"') {
      quoted = !quoted;
      continue;
    }
    if (*at == ' ' && !quoted) continue;
    if (*at == '\\' && quoted && at[1] != '\0') at++;
    *end++ = *at;
  }
  *end = '\0';
  splitter->at = at;
  return end != word;
}

/* Appends a word with quotes, so that Node reads back the same word. */
static char *append_word(char *end, const char *word) {
  bool quote = strpbrk(word, " \"\\") != NULL;
  if (quote) *end++ = '"';
  for (; *word != '\0'; word++) {
    if (quote && (*word == '"' || *word == '\\')) *end++ = '\\';
    *end++ = *word;
  }
  if (quote) *end++ = '"';
  *end = '\0';
  return end;
}

static char *append_next(char *end, const char *word) {
  *end++ = ' ';
  return append_word(end, word);
}

/* An option that ends in '=', followed by the preload. */
static const char *with_preload(const char *option, const char *preload, char *scratch) {
  (void)stpcpy(stpcpy(scratch, option), preload);
  return scratch;
}

static char *append_preload(char *end, const char *preload, char *scratch,
                            struct permission permission, bool closes_eval, bool closes_signal) {
  end = append_word(end, with_preload(REQUIRE, preload, scratch));
  if (lacks_addons(permission)) end = append_next(append_next(end, ALLOW_ADDONS), UNWARNED);
  if (permission.is_on) end = append_next(end, with_preload(ALLOW_READ, preload, scratch));
  if (closes_eval) end = append_next(end, strict_option);
  return closes_signal ? append_next(end, WITHOUT_SIGNAL) : end;
}

static bool is_with_preload(const char *word, const char *option, const char *preload) {
  size_t length = strlen(option);
  return strncmp(word, option, length) == 0 && strcmp(word + length, preload) == 0;
}

/*
 * The next word that does not belong to the preload. Under the policy of another launcher
 * NODE_OPTIONS already contain words for the preload.
 */
static bool next_given(struct splitter *splitter, const char *preload, char *word) {
  bool behind_preload = false;
  while (next_word(splitter, word)) {
    bool own = is_with_preload(word, REQUIRE, preload);
    if (own) behind_preload = true;
    if (behind_preload)
      own = own || strcmp(word, ALLOW_ADDONS) == 0 || strcmp(word, UNWARNED) == 0 ||
            (splitter->closes_signal && strcmp(word, WITHOUT_SIGNAL) == 0) ||
            is_with_preload(word, ALLOW_READ, preload);
    if (!own) return true;
  }
  return false;
}

static struct permission with_given(struct permission permission, const char *given,
                                    const char *preload, char *word) {
  struct splitter splitter = {.at = given};
  while (next_given(&splitter, preload, word))
    if (word[0] == '-') note_permission(&permission, read_option(word));
  return permission;
}

/*
 * Options that load a file stay behind the preload, which checks that file like any other. Node
 * runs the first --require first, and every --require before any --import.
 */
static bool is_kept(const struct option_row *row, struct strictness strictness) {
  return is_harmless(row, strictness) || row->effect == LOADS_CHECKED;
}

/* The gate that keeps it, or a null pointer. */
static const char *gate_of(const struct option_row *row) {
  return row->effect == WEAKENS_STRICT && row->gate >= 0 ? gates[row->gate] : NULL;
}

/* Appends the options that are harmless or checked. 0, or REFUSED. */
static int append_given(char *end, const char *given, const char *preload, char *word,
                        struct strictness strictness, bool closes_signal,
                        node_option_removed *removed) {
  struct splitter splitter = {.at = given, .closes_signal = closes_signal};
  /* The next word is the value of an option, and whether that option was kept. */
  bool value_expected = false, keep_value = false;
  while (next_given(&splitter, preload, word)) {
    if (value_expected && word[0] != '-') {
      if (keep_value) end = append_next(end, word);
      value_expected = false;
      continue;
    }
    /* Node skips words that are not options. */
    if (word[0] != '-') {
      end = append_next(end, word);
      continue;
    }
    struct option option = read_option(word);
    if (option.row == NULL) {
      int error =
          refuse_for(word, "NODE_OPTIONS hold '", word,
                     "', and mayexec does not know what it does. Take it out of NODE_OPTIONS");
      if (error != 0) return error;
      continue;
    }
    keep_value = is_kept(option.row, strictness);
    value_expected = option.takes_word;
    if (keep_value)
      end = append_next(end, word);
    else
      removed(option.row, gate_of(option.row));
  }
  return 0;
}

/* V8 itself closes this gate by an option. */
static bool closes_eval(struct strictness strictness) {
  if (!strictness.on || only_tells()) return false;
  for (size_t i = 0; i < gate_count; i++)
    if (strcmp(gates[i], "eval") == 0) return (strictness.gates >> i & 1) == 0;
  return true;
}

int clean_node_options(const char *given, const char *preload, struct strictness strictness,
                       struct permission permission, bool closes_signal,
                       node_option_removed *removed, char **entry) {
  /* Quoted, a word has twice the bytes and two quotes at most, and a space before it. */
  size_t words = strlen(given);
  size_t length = sizeof NAME + sizeof REQUIRE + sizeof ALLOW_READ + 4 * strlen(preload) +
                  sizeof ALLOW_ADDONS + sizeof UNWARNED + strlen(strict_option) +
                  sizeof WITHOUT_SIGNAL + 16;
  size_t longest = words > strlen(preload) ? words : strlen(preload);
  char *scratch = malloc(sizeof ALLOW_READ + longest + 1);
  char *result = malloc(length + 4 * words + 8);
  if (scratch == NULL || result == NULL) {
    free(scratch);
    free(result);
    return -ENOMEM;
  }
  memcpy(result, NAME, sizeof NAME);
  permission = with_given(permission, given, preload, scratch);
  char *end = append_preload(result + sizeof NAME - 1, preload, scratch, permission,
                             closes_eval(strictness), closes_signal);
  char *behind_preload = end;
  int error = append_given(end, given, preload, scratch, strictness, closes_signal, removed);
  /* Under --audit NODE_OPTIONS stay as they were given. */
  if (only_tells()) {
    *behind_preload = '\0';
    if (given[0] != '\0') (void)stpcpy(stpcpy(behind_preload, " "), given);
  }
  free(scratch);
  if (error != 0) {
    free(result);
    return error;
  }
  *entry = result;
  return 0;
}
