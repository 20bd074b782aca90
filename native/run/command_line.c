#define _GNU_SOURCE
#include "command_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bringing_word.h"
#include "clearing_word.h"
#include "given_name.h"
#include "option.h"
#include "refusal.h"
#include "search.h"
#include "status.h"
#include "text.h"
#include "values.h"
#include "words.h"

/* The program that will read the options. */
enum reader {
  /* A Node: options that are not known to be harmless are refused. */
  IS_NODE,
  /*
   * Perhaps a Node: options that act before the preload are refused. The preload checks the others.
   */
  MAY_BE_NODE,
  /* A single executable application reads only the options that Node looks for everywhere. */
  IS_APPLICATION,
};

static bool is_node(const char *path, const struct mayexec_program_file *file) {
  return file->node == NODE || (file->node == NOT_NODE && mayexec_is_named_node(path));
}

static bool is_or_has_value(const char *word, const char *name) {
  size_t length = strlen(name);
  return begins_with(word, name) && (word[length] == '\0' || word[length] == '=');
}

/* Node looks for these in the whole argv. Node 22 accepts any word that begins so. */
static bool names_config_file(const char *word) {
  return begins_with(word, "--experimental-config-file") ||
         begins_with(word, "--experimental-default-config-file");
}

/* Node looks for these in all words before "--". */
static bool names_env_file(const char *word) {
  return is_or_has_value(word, "--env-file") || is_or_has_value(word, "--env-file-if-exists");
}

/* A single executable application may look for options of Node in all words that begin so. */
static bool names_node_options(const char *word) { return begins_with(word, "--node-options="); }

static int refuse_node_options(const char *word) {
  return refuse_for("--node-options", "the application may take options of Node from '", word,
                    "', before anything is checked. Leave it out");
}

static int refuse_everywhere(const char *word, const char *what) {
  return refuse_for(word, "Node obeys '", word, "' even behind the script, and it ", what);
}

/* 0, or REFUSED. `word` contains the name. */
static int refuse_name(const char *word) {
  return refuse_for(NULL, "'", word,
                    "' would set the name of a program, and Node looks for options in its own name "
                    "too. Leave it out, or use a name that does not begin with two dashes");
}

static int refuse(const char *word, const struct option_row *row) {
  if (row == NULL)
    return refuse_for(word, "mayexec does not know what Node's option '", word,
                      "' does. Leave it out, or put it behind the script if it is the program's");
  if (row->effect == WEAKENS_STRICT && row->gate >= 0)
    return refuse_for(row->canonical, "the option ", row->canonical,
                      " is refused, since --strict is given. ", row->why,
                      " Leave it out, or open the gate by --allow=", gates[row->gate]);
  return refuse_for(row->canonical, "the option ", row->canonical, " is refused by mayexec-run. ",
                    row->why, " ", row->instead);
}

static bool is_refused(const struct option_row *row, enum reader reader,
                       struct strictness strictness) {
  /* In an audit the preload reports the options that keep it in place. */
  if (only_tells()) return row != NULL && row->effect == BEFORE_JAVASCRIPT;
  if (reader == MAY_BE_NODE) return row != NULL && is_before_preload(row);
  if (row == NULL) return true;
  /* The preload checks the code of the others. */
  return !is_harmless(row, strictness) && row->effect != LOADS_CHECKED &&
         row->effect != INTERACTIVE;
}

/* Checks the words that a Node would read, from an index on. 0, or REFUSED. */
static int check_words(const struct words *words, size_t from, enum reader reader,
                       struct strictness strictness, struct permission *permission) {
  bool own = reader != IS_APPLICATION, behind_dashes = false, value_expected = false;
  for (size_t i = from; i < words->count; i++) {
    const char *word = words->list[i].text;
    if (names_config_file(word)) {
      int error = refuse_everywhere(word, "makes Node take options from a file. Leave it out");
      if (error != 0) return error;
    }
    if (!behind_dashes && names_env_file(word)) {
      int error = refuse_everywhere(word,
                                    "makes Node take its environment from a file. Leave it out; "
                                    "if it is the program's own, write node -- SCRIPT");
      if (error != 0) return error;
    }
    if (reader == IS_APPLICATION && names_node_options(word)) return refuse_node_options(word);
    if (strcmp(word, "--") == 0) behind_dashes = true;
    /* In the text of a shell the end of a command is unknown. */
    if (!own && !words->list[i].in_text) continue;
    if (word[0] != '-' || word[1] == '\0' || behind_dashes) {
      own = value_expected && !behind_dashes;
      value_expected = false;
      continue;
    }
    struct option option = read_option(word);
    if (is_refused(option.row, reader, strictness)) {
      int error = refuse(word, option.row);
      if (error != 0) return error;
    }
    if (own && reader == IS_NODE) note_permission(permission, option);
    value_expected = option.takes_word;
  }
  return 0;
}

/* What a word is as a program. NOT_NODE if there is none. */
static enum mayexec_node_file becomes(const char *name, char *const envp[]) {
  char path[PATH_MAX];
  struct mayexec_program_file file;
  if (search(name, envp, path) != 0 || mayexec_examine(path, &file) != 0) return NOT_NODE;
  return is_node(path, &file) ? NODE : file.node;
}

/*
 * Whether any word would be refused in front of a Node, or as its option. Few command lines have
 * one.
 */
static bool has_suspicious(const struct words *words, enum reader reader,
                           struct strictness strictness, struct clearing_words clearing,
                           struct given_name given) {
  for (size_t i = 0; i < words->count; i++) {
    const char *word = words->list[i].text;
    if (is_clearing(&clearing, word) || gives_option_name(&given, word) || is_bringing(word))
      return true;
    if (word[0] != '-') continue;
    /* The path of a program can begin with two dashes. */
    if (is_option_name(word) && strchr(word, '/') != NULL) return true;
    if (names_config_file(word) || names_env_file(word) || names_node_options(word)) return true;
    struct option option = read_option(word);
    if (is_refused(option.row, reader, strictness)) return true;
  }
  return false;
}

static bool mentions_env(const struct words *words) {
  for (size_t i = 0; i < words->count; i++)
    if (is_env(words->list[i].text)) return true;
  return false;
}

/* The first words before a Node that give it a name, remove the preload, or bring in code. */
struct words_before {
  const char *named;
  const char *cleared;
  const char *brought;
};

/* Checks how a Node is started, without its options. 0, or REFUSED. */
static int check_start(const char *node, const struct words_before *before) {
  int error = 0;
  if (before->named != NULL || is_option_name(node))
    error = refuse_name(before->named != NULL ? before->named : node);
  if (error == 0 && before->cleared != NULL)
    error = refuse_for(NULL, "'", before->cleared,
                       "' would start Node without the preload. Leave it out, write "
                       "Node's options behind its name, or set variables before mayexec-run");
  if (error == 0 && before->brought != NULL)
    error = refuse_for(NULL, "'", before->brought,
                       "' would bring unchecked code into Node. Leave it out");
  return error;
}

/* Looks for a Node among the words of a program that may start one. */
static int check_behind(const char *program, const struct words *words, char *const envp[],
                        struct strictness strictness, struct permission *permission) {
  /* The options of env(1) are before the command, and all other words belong to the command. */
  enum reader reader = is_env(program) ? IS_NODE : MAY_BE_NODE;
  struct clearing_words clearing = {.is_behind_env = is_env(program),
                                    .is_behind_su = is_su(program)};
  struct given_name given = {0};
  (void)gives_option_name(&given, program);
  if (!has_suspicious(words, reader, strictness, clearing, given)) return 0;
  struct words_before before = {0};
  bool is_behind_application = false;
  for (size_t i = 0; i < words->count; i++) {
    const char *word = words->list[i].text;
    if (is_behind_application && names_node_options(word)) return refuse_node_options(word);
    enum mayexec_node_file program_file = becomes(word, envp);
    if (program_file == NODE_APPLICATION) is_behind_application = true;
    if (program_file == NODE) {
      int error = check_start(word, &before);
      if (error == 0) error = check_words(words, i + 1, reader, strictness, permission);
      if (error != 0) return error;
    }
    /* The path of a Node can itself remove the preload from a later Node. */
    if (before.named == NULL && gives_option_name(&given, word)) before.named = word;
    if (before.cleared == NULL && is_clearing(&clearing, word)) before.cleared = word;
    if (before.brought == NULL && is_bringing(word)) before.brought = word;
  }
  return 0;
}

/* Checks words split as texts. */
static int check_texts(const struct words *words, bool has_env, char *const envp[],
                       struct strictness strictness, struct permission *permission) {
  int error = 0;
  /* A shell reads `\_` in another way than env(1), and may start env(1). */
  for (int for_env = 0; for_env <= (has_env ? 1 : 0) && error == 0; for_env++) {
    struct words pieces = {0};
    error = words_split(words, 1, for_env == 1, envp, &pieces);
    if (error == 0)
      error = check_behind(words->list[0].text, &pieces, envp, strictness, permission);
    if (mentions_env(&pieces)) has_env = true;
    words_free(&pieces);
  }
  return error;
}

/*
 * Checks the words of a program: as they are, then split as texts, then also with the values that a
 * shell puts into them.
 */
static int check_other_program(struct words *words, char *const envp[],
                               struct strictness strictness, struct permission *permission) {
  const char *program = words->list[0].text;
  struct words resolved = {0}, values = {0};
  int error = put_login_first(words);
  if (error == 0) error = words_resolve(words, 1, envp, &resolved);
  if (error == 0) error = check_behind(program, &resolved, envp, strictness, permission);
  bool has_env = is_env(program) || mentions_env(&resolved);
  if (error == 0) error = check_texts(words, has_env, envp, strictness, permission);
  if (error == 0) error = words_with_values(words, envp, &values);
  if (error == 0 && values.count > 0)
    error = check_texts(&values, has_env, envp, strictness, permission);
  words_free(&resolved);
  words_free(&values);
  return error;
}

/*
 * Puts the first line of a script in front of its words, as the kernel does, and looks into
 * its interpreter. 0, or -errno.
 */
static int follow_first_line(struct words *words, struct mayexec_program_file *file) {
  const struct mayexec_first_line line = file->line;
  int error = is_option_name(line.interpreter) ? refuse_name(line.interpreter) : 0;
  if (error == 0 && line.argument[0] != '\0') error = words_insert(words, 0, line.argument, false);
  if (error == 0) error = words_insert(words, 0, line.interpreter, false);
  return error == 0 ? mayexec_examine(line.interpreter, file) : error;
}

/* The first of the words is the path of the file. */
static int check_program(struct words *words, char *const envp[], struct strictness strictness,
                         struct mayexec_program_file *file, struct permission *permission) {
  for (int depth = 0;; depth++) {
    if (is_node(words->list[0].text, file)) {
      int error = check_words(words, 1, IS_NODE, strictness, permission);
      if (error != 0 || !file->is_script) return error;
      /* The checked words are for that script, not for its interpreter. */
      words_cut(words, 1);
    }
    if (!file->is_script) break;
    if (depth == MOST_INTERPRETERS) return -ELOOP;
    int error = follow_first_line(words, file);
    if (error != 0) return error;
  }
  if (file->node == NODE_APPLICATION)
    return check_words(words, 1, IS_APPLICATION, strictness, permission);
  int error = file->is_unreadable ? check_words(words, 1, MAY_BE_NODE, strictness, permission) : 0;
  return error == 0 ? check_other_program(words, envp, strictness, permission) : error;
}

int check_command(const char *path, char *const argv[], char *const envp[],
                  struct strictness strictness, const struct mayexec_program_file *file,
                  struct permission *permission) {
  int error = is_option_name(argv[0]) ? refuse_name(argv[0]) : 0;
  struct words words = {0};
  struct mayexec_program_file last = *file;
  if (error == 0) error = words_insert(&words, 0, path, false);
  for (size_t i = 1; argv[i] != NULL && error == 0; i++)
    error = words_insert(&words, i, argv[i], false);
  if (error == 0) error = check_program(&words, envp, strictness, &last, permission);
  words_free(&words);
  return error;
}
