#define _GNU_SOURCE
#include "clearing_word.h"

#include <string.h>

#include "text.h"

/* The options in the text of `-S`, which may stand in the same word. Or a null pointer. */
static const char *split_text(const char *word) {
  if (begins_with(word, "--s")) {
    const char *equals = strchr(word, '=');
    return equals == NULL ? NULL : equals + 1;
  }
  if (word[0] != '-' || word[1] == '-') return NULL;
  /* The first of these has the rest of the word as its value. */
  const char *option = strpbrk(word + 1, "iuCaS");
  return option != NULL && *option == 'S' ? option + 1 : NULL;
}

/* Whether an option of env(1) empties the environment. */
static bool empties(const char *word) {
  for (const char *text; (text = split_text(word)) != NULL;) word = text;
  if (strcmp(word, "-") == 0) return true;
  if (begins_with(word, "--")) return word[2] != '\0' && begins_with("--ignore-environment", word);
  if (word[0] != '-') return false;
  const char *option = strpbrk(word + 1, "iuCa");
  return option != NULL && *option == 'i';
}

/* An option of setpriv(1), which getopt(3) also takes shortened. */
static bool resets(const char *word) {
  return begins_with(word, "--res") &&
         (begins_with("--reset-env", word) || begins_with(word, "--reset-env"));
}

/* The first of some letters in a word of short options. */
static char first_option(const char *word, const char *letters) {
  if (word[0] != '-' || word[1] == '-') return '\0';
  const char *option = strpbrk(word + 1, letters);
  if (option == NULL) return '\0';
  return *option;
}

/* The letters of su(1) and runuser(1) that have a value, and that of a login. */
static const char OF_SU[] = "cgGsTuwl";

/* Whether a word is "-", -l or --login, which getopt(3) also takes shortened. */
static bool logs_in(const char *word) {
  if (strcmp(word, "-") == 0 || first_option(word, OF_SU) == 'l') return true;
  return begins_with(word, "--l") && begins_with("--login", word);
}

static bool gives_command(const char *word) {
  return first_option(word, OF_SU) == 'c' || begins_with(word, "--c");
}

bool is_su(const char *path) {
  return strcmp(base_name(path), "su") == 0 || strcmp(base_name(path), "runuser") == 0;
}

int put_login_first(struct words *words) {
  size_t su = 0, login;
  while (su < words->count && !is_su(words->list[su].text)) su++;
  for (login = su + 1; login < words->count; login++)
    if (logs_in(words->list[login].text))
      return words_insert(words, su + 1, words->list[login].text, false);
  return 0;
}

bool is_env(const char *path) { return strcmp(base_name(path), "env") == 0; }

bool is_clearing(struct clearing_words *state, const char *word) {
  if (strstr(word, "NODE_OPTIONS") != NULL || strstr(word, "MAYEXEC_") != NULL || resets(word) ||
      (state->is_behind_env && empties(word)) || (state->is_behind_su && logs_in(word)) ||
      (state->is_behind_exec && *word == '-' && strchr(word, 'c') != NULL))
    return true;
  if (is_env(word)) state->is_behind_env = true;
  if (is_su(word)) state->is_behind_su = true;
  if (gives_command(word)) state->is_behind_su = false;
  if (strcmp(word, "exec") == 0) state->is_behind_exec = true;
  return false;
}
