#include "arguments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../securebits.h"
#include "message.h"
#include "status.h"
#include "tables.h"

static int wrong(const char *text, const char *word) {
  say(text, "'", word, "' (mayexec-run --help lists the options)");
  return STATUS_FAILURE;
}

static int add_gate(const char *name, struct arguments *out) {
  for (size_t i = 0; i < gate_count; i++) {
    if (strcmp(gates[i], name) != 0) continue;
    out->strictness.gates |= 1UL << i;
    return PARSED;
  }
  message_begin();
  message_text("there is no gate '");
  message_text(name);
  message_text("'. The gates are ");
  for (size_t i = 0; i < gate_count; i++) {
    if (i > 0) message_text(", ");
    message_text(gates[i]);
  }
  message_end();
  return STATUS_FAILURE;
}

static int set_only(const char *name, struct arguments *out) {
  unsigned bit = strcmp(name, "restrict-file") == 0      ? MAYEXEC_RESTRICT_FILE
                 : strcmp(name, "deny-interactive") == 0 ? MAYEXEC_DENY_INTERACTIVE
                                                         : 0;
  if (bit == 0) {
    say("--only takes restrict-file or deny-interactive, not '", name, "'");
    return STATUS_FAILURE;
  }
  if (out->only != 0 && out->only != bit) {
    say("--only names one securebit. Leave it out, and both are set");
    return STATUS_FAILURE;
  }
  out->only = bit;
  return PARSED;
}

static int set_records(const char *name, struct arguments *out) {
  static const char *const names[] = {"refusals", "first", "all"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (strcmp(names[i], name) != 0) continue;
    out->records = names[i];
    return PARSED;
  }
  say("--log takes refusals, first or all, and not '", name, "'. --audit-log says where it goes");
  return STATUS_FAILURE;
}

/* Takes a number as the preload reads it: 1 to 65536, without a sign or spaces. */
static int set_log_text(const char *value, struct arguments *out) {
  enum { MOST = 65536, DIGITS = 5 };
  size_t length = strspn(value, "0123456789");
  bool is_number = length > 0 && length <= DIGITS && value[length] == '\0' && value[0] != '0';
  if (is_number && strtol(value, NULL, 10) <= MOST) {
    out->log_text = value;
    return PARSED;
  }
  say("--log-text takes a number of characters from 1 to 65536, and not '", value, "'");
  return STATUS_FAILURE;
}

/* Options for testing an interpreter cannot be combined with options that strengthen the policy. */
static int check_together(const struct arguments *arguments) {
  const char *trying = arguments->no_preload ? "--no-preload" : "--only";
  if (!arguments->no_preload && arguments->only == 0) return PARSED;
  const char *firm = arguments->lock ? "--lock" : arguments->strictness.on ? "--strict" : NULL;
  if (firm != NULL) {
    say(trying, " is for testing an interpreter, and ", firm,
        " strengthens the policy. Leave one of them out");
    return STATUS_FAILURE;
  }
  const char *preloads = arguments->audit_log != NULL  ? "--audit-log is written"
                         : arguments->records != NULL  ? "--log is obeyed"
                         : arguments->log_text != NULL ? "--log-text is obeyed"
                         : arguments->image != NULL    ? "--image is read"
                         : arguments->bytecode != NULL ? "--bytecode is read"
                                                       : NULL;
  if (!arguments->no_preload || preloads == NULL) return PARSED;
  say(preloads, " by the preload, and --no-preload leaves it out. Leave one of them out");
  return STATUS_FAILURE;
}

/* The options without a value. */
static bool *flag_of(const char *word, struct arguments *out) {
  if (strcmp(word, "--lock") == 0) return &out->lock;
  if (strcmp(word, "--strict") == 0) return &out->strictness.on;
  if (strcmp(word, "--quiet") == 0) return &out->quiet;
  if (strcmp(word, "--no-preload") == 0) return &out->no_preload;
  if (strcmp(word, "--audit") == 0) return &out->audit;
  if (strcmp(word, "--warn") == 0) return &out->warn;
  return NULL;
}

/* The options with a value. */
enum {
  ACTED_BEFORE,
  ALLOW,
  ALLOW_EXEC,
  AUDIT_LOG,
  BYTECODE,
  IMAGE,
  LOG,
  LOG_TEXT,
  ONLY,
  WITH_VALUE
};
static const char *const with_value[WITH_VALUE] = {[ACTED_BEFORE] = "--acted-before",
                                                   [ALLOW] = "--allow",
                                                   [ALLOW_EXEC] = "--allow-exec",
                                                   [AUDIT_LOG] = "--audit-log",
                                                   [BYTECODE] = "--bytecode",
                                                   [IMAGE] = "--image",
                                                   [LOG] = "--log",
                                                   [LOG_TEXT] = "--log-text",
                                                   [ONLY] = "--only"};

/* Whether the word is this option. Gets the value behind '=', if there is one. */
static bool is_option(const char *word, const char *name, const char **value) {
  size_t length = strlen(name);
  if (strncmp(word, name, length) != 0) return false;
  *value = word[length] == '=' ? word + length + 1 : NULL;
  return word[length] == '=' || word[length] == '\0';
}

static int print_and_end(const char *text) { return print(text) == 0 ? 0 : STATUS_FAILURE; }

/* Parses one option at argv[*at]. Moves *at to the last word of the option. */
static int parse_option(int argc, char **argv, int *at, struct arguments *out) {
  const char *word = argv[*at];
  bool *flag = flag_of(word, out);
  if (flag != NULL) {
    *flag = true;
    return PARSED;
  }
  if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) return print_and_end(help);
  if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) return print_and_end(version);

  const char *value = NULL;
  unsigned which = 0;
  while (which < WITH_VALUE && !is_option(word, with_value[which], &value)) which++;
  if (which == WITH_VALUE) return wrong("unknown option ", word);
  bool apart = value == NULL;
  if (apart) {
    if (*at + 1 >= argc) return wrong("a value is missing behind ", word);
    value = argv[++*at];
  }
  switch (which) {
    case ALLOW:
      return add_gate(value, out);
    case ONLY:
      return set_only(value, out);
    case LOG:
      return set_records(value, out);
    case LOG_TEXT:
      return set_log_text(value, out);
    case AUDIT_LOG:
      out->audit_log = value;
      return PARSED;
    case ACTED_BEFORE:
      out->acted_before = value;
      return PARSED;
    case BYTECODE:
      out->bytecode = value;
      return PARSED;
    case IMAGE:
      out->image = value;
      return PARSED;
    default:
      break;
  }
  out->confined = true;
  out->allow_exec[out->allow_exec_count++] = value;
  while (apart && *at + 1 < argc && argv[*at + 1][0] != '-')
    out->allow_exec[out->allow_exec_count++] = argv[++*at];
  return PARSED;
}

/* An audit refuses nothing, and needs the preload. PARSED, or the status. */
static int check_audit(struct arguments *out) {
  const char *which = out->audit ? "--audit" : "--warn";
  out->audit = out->audit || out->warn;
  if (!out->audit) return PARSED;
  if (out->no_preload) {
    say(which, " needs the preload, and --no-preload leaves it out. Leave one of them out");
    return STATUS_FAILURE;
  }
  const char *refuses = out->lock         ? "--lock"
                        : out->confined   ? "--allow-exec"
                        : out->only != 0U ? "--only"
                                          : NULL;
  if (refuses == NULL) return PARSED;
  say(which, " refuses nothing, and ", refuses, " does. Leave one of them out");
  return STATUS_FAILURE;
}

int parse_arguments(int argc, char **argv, struct arguments *out) {
  *out = (struct arguments){0};
  /* Each path of --allow-exec is a word or a part of a word. */
  out->allow_exec = calloc((size_t)argc + 1, sizeof *out->allow_exec);
  if (out->allow_exec == NULL) {
    say_error("", -ENOMEM, "calloc", NULL);
    return STATUS_FAILURE;
  }
  int at = 1;
  for (; at < argc && argv[at][0] == '-' && argv[at][1] != '\0'; at++) {
    if (strcmp(argv[at], "--") == 0) {
      at++;
      break;
    }
    int result = parse_option(argc, argv, &at, out);
    if (result != PARSED) return result;
  }
  if (at >= argc || argv[at][0] == '\0') {
    say("there is no command to run (mayexec-run --help lists the options)");
    return STATUS_FAILURE;
  }
  out->command = argv + at;
  if (out->strictness.gates != 0 && !out->strictness.on) {
    say("--allow opens a gate of --strict, and there is none without it. Add --strict");
    return STATUS_FAILURE;
  }
  int result = check_audit(out);
  return result == PARSED ? check_together(out) : result;
}
