#define _GNU_SOURCE
#include "command_line.h"

#include <string.h>

#include "clearing_word.h"
#include "message.h"
#include "option.h"
#include "search.h"
#include "status.h"
#include "words.h"

/* How much is known about who will read the options. */
enum reader {
  /* A Node: what is not known to be harmless is refused. */
  IS_NODE,
  /* Perhaps a Node: what acts before its preload is refused, and that looks at the rest. */
  MAY_BE_NODE,
  /* A single executable application reads none but those that are looked for everywhere. */
  IS_APPLICATION,
};

static bool is_node(const char *path, const struct program_file *file) {
  return file->node == NODE || (file->node == NOT_NODE && is_named_node(path));
}

static bool begins_with(const char *word, const char *start) {
  return strncmp(word, start, strlen(start)) == 0;
}

static bool is_or_has_value(const char *word, const char *name) {
  size_t length = strlen(name);
  return begins_with(word, name) && (word[length] == '\0' || word[length] == '=');
}

/*
 * Node looks for these in the whole of argv, its own name included. Node 22
 * takes any word that begins so.
 */
static bool names_config_file(const char *word) {
  return begins_with(word, "--experimental-config-file") ||
         begins_with(word, "--experimental-default-config-file");
}

/* And for these in all that stands before "--". */
static bool names_env_file(const char *word) {
  return is_or_has_value(word, "--env-file") || is_or_has_value(word, "--env-file-if-exists");
}

static int refuse_everywhere(const char *word, const char *what) {
  say("Node obeys '", word, "' behind the script, too, and it ", what);
  return REFUSED;
}

static int refuse(const char *word, const struct option_row *row) {
  if (row == NULL) {
    say("mayexec does not know what Node's option '", word,
        "' does. Leave it out, or put it behind the script if it is the program's");
  } else if (row->effect == WEAKENS_STRICT && row->gate >= 0) {
    say("the option ", row->canonical, " is refused, since --strict is given. ", row->why,
        " Leave it out, or open the gate by --allow=", gates[row->gate]);
  } else {
    say("the option ", row->canonical, " is refused by mayexec-run. ", row->why, " Leave it out");
  }
  return REFUSED;
}

static bool is_refused(const struct option_row *row, enum reader reader,
                       struct strictness strictness) {
  if (reader == MAY_BE_NODE) return row != NULL && is_before_preload(row);
  if (row == NULL) return true;
  /* What these bring in is checked, and refused, by the preload. */
  return !is_harmless(row, strictness) && row->effect != LOADS_CHECKED &&
         row->effect != INTERACTIVE;
}

/* Judges what a Node would read, from where the cursor is. 0, or REFUSED. */
static int judge(struct word_cursor cursor, enum reader reader, struct strictness strictness) {
  bool own = reader != IS_APPLICATION, behind_dashes = false, value_expected = false;
  for (const char *word; (word = next_piece(&cursor)) != NULL;) {
    if (names_config_file(word))
      return refuse_everywhere(word, "makes Node take options from a file. Leave it out");
    if (!behind_dashes && names_env_file(word))
      return refuse_everywhere(word,
                               "makes Node take its environment from a file. Leave it out; if it "
                               "is the program's own, write node -- SCRIPT");
    if (strcmp(word, "--") == 0) behind_dashes = true;
    /* In the text of a shell nobody knows where a command ends. */
    if (!own && !cursor.in_text) continue;
    if (word[0] != '-' || word[1] == '\0' || behind_dashes) {
      own = value_expected && !behind_dashes;
      value_expected = false;
      continue;
    }
    struct option option = read_option(word);
    if (is_refused(option.row, reader, strictness)) return refuse(word, option.row);
    value_expected = option.takes_word;
  }
  return 0;
}

static bool becomes_node(const char *name, char *const envp[]) {
  char path[PATH_MAX];
  struct program_file file;
  if (search(name, envp, path) != 0 || examine(path, &file) != 0) return false;
  return is_node(path, &file);
}

/* Whether a word is there that would be refused before a Node, or if one read it. Few command lines
 * have one. */
static bool has_suspicious(struct word_cursor cursor, enum reader reader,
                           struct strictness strictness, struct clearing_words clearing) {
  for (const char *word; (word = next_piece(&cursor)) != NULL;) {
    if (is_clearing(&clearing, word)) return true;
    if (word[0] != '-') continue;
    if (names_config_file(word) || names_env_file(word)) return true;
    struct option option = read_option(word);
    if (is_refused(option.row, reader, strictness)) return true;
  }
  return false;
}

static bool mentions_env(const struct words *words) {
  const char *word;
  for (size_t i = 1; (word = word_at(words, i)) != NULL; i++) {
    if (is_env(word)) return true;
  }
  return is_env(words->path);
}

/* Looks for a Node among the words of a program that may start one. */
static int judge_others(const struct words *words, char *const envp[],
                        struct strictness strictness) {
  struct word_cursor cursor = {
      .words = words, .index = 1, .splits = true, .for_env = mentions_env(words)};
  /* Env(1) has its options before the command, and all that follows is the command's. */
  enum reader reader = is_env(words->path) ? IS_NODE : MAY_BE_NODE;
  struct clearing_words clearing = {.is_behind_env = is_env(words->path)};
  if (!has_suspicious(cursor, reader, strictness, clearing)) return 0;
  char cleared[PATH_MAX] = "";
  for (const char *word; (word = next_piece(&cursor)) != NULL;) {
    if (cleared[0] == '\0' && is_clearing(&clearing, word)) {
      (void)stpncpy(cleared, word, sizeof cleared - 1);
      continue;
    }
    if (!becomes_node(word, envp)) continue;
    if (cleared[0] != '\0') {
      say("'", cleared,
          "' would start Node without the preload. Leave it out, or set variables before "
          "mayexec-run");
      return REFUSED;
    }
    int error = judge(cursor, reader, strictness);
    if (error != 0) return error;
  }
  return 0;
}

int check_command(const char *path, char *const argv[], char *const envp[],
                  struct strictness strictness, const struct program_file *file) {
  struct words words;
  int error = follow_interpreters(path, argv, file, &words);
  if (error != 0) return error;
  struct word_cursor cursor = {.words = &words};
  if (names_config_file(argv[0]) || names_env_file(argv[0]))
    return refuse_everywhere(argv[0], "cannot be a command's name");
  cursor.index = 1;
  if (is_node(words.path, words.file)) return judge(cursor, IS_NODE, strictness);
  if (words.file->node == NODE_APPLICATION) return judge(cursor, IS_APPLICATION, strictness);
  if (words.file->is_unreadable) {
    error = judge(cursor, MAY_BE_NODE, strictness);
    if (error != 0) return error;
  }
  return judge_others(&words, envp, strictness);
}
