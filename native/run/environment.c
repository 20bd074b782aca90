#define _GNU_SOURCE
#include "environment.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit_target.h"
#include "message.h"
#include "node_options.h"
#include "tables.h"

/* NODE_OPTIONS, MAYEXEC_STRICT, MAYEXEC_STRICT_ALLOW, MAYEXEC_AUDIT_LOG and the null pointer. */
enum { OWN = 5 };

static bool is_named(const char *entry, size_t length, const char *name) {
  return strlen(name) == length && strncmp(entry, name, length) == 0;
}

static enum variable_effect effect_of(const char *entry, size_t length) {
  enum variable_effect effect = VARIABLE_HARMLESS;
  for (size_t i = 0; i < variable_row_count; i++) {
    const struct variable_row *row = &variable_rows[i];
    if (is_named(entry, length, row->name)) return row->effect;
    size_t prefix = strlen(row->name);
    if (row->prefix && length >= prefix && strncmp(entry, row->name, prefix) == 0)
      effect = row->effect;
  }
  return effect;
}

/* Whether the arguments put another value in its place. */
static bool is_replaced(const char *entry, size_t length, const struct arguments *arguments) {
  if (arguments->strictness.on && (is_named(entry, length, "MAYEXEC_STRICT") ||
                                   is_named(entry, length, "MAYEXEC_STRICT_ALLOW")))
    return true;
  return arguments->audit_log != NULL && is_named(entry, length, "MAYEXEC_AUDIT_LOG");
}

/* One line for all that is left out, begun with the first. */
static bool is_quiet, has_begun;

static void left_out(const char *name) {
  if (is_quiet) return;
  if (!has_begun) message_begin();
  message_text(has_begun ? ", " : "left out of the environment: ");
  message_text(name);
  has_begun = true;
}

static void left_out_option(const char *name) {
  if (is_quiet) return;
  left_out("NODE_OPTIONS ");
  message_text(name);
}

static void end_left_out(void) {
  if (has_begun) message_end();
  has_begun = false;
}

/* Takes over what is harmless. What has no '=' has no name, and nobody could ask for it. */
static int keep_harmless(char *const given[], const struct arguments *arguments, char **result,
                         size_t *count, const char **node_options) {
  for (; *given != NULL; given++) {
    size_t length = strcspn(*given, "=");
    if ((*given)[length] == '\0' || is_replaced(*given, length, arguments)) continue;
    enum variable_effect effect = effect_of(*given, length);
    if (effect == VARIABLE_HARMLESS) {
      result[(*count)++] = *given;
    } else if (effect == VARIABLE_NODE_OPTIONS) {
      /* The first of several is what getenv(3) finds. */
      if (*node_options == NULL) *node_options = *given + length + 1;
    } else {
      char *name = strndup(*given, length);
      if (name == NULL) return -ENOMEM;
      left_out(name);
      free(name);
    }
  }
  return 0;
}

/* "NAME=VALUE", or a null pointer. */
static char *entry_of(const char *name, const char *value) {
  size_t length = strlen(name) + 1 + strlen(value) + 1;
  char *entry = malloc(length);
  if (entry == NULL) return NULL;
  (void)stpcpy(stpcpy(stpcpy(entry, name), "="), value);
  return entry;
}

static char *open_gates(unsigned long bits) {
  size_t length = 1;
  for (size_t i = 0; i < gate_count; i++) length += strlen(gates[i]) + 1;
  char *names = calloc(length, 1);
  if (names == NULL) return NULL;
  char *end = names;
  for (size_t i = 0; i < gate_count; i++) {
    if ((bits >> i & 1) == 0) continue;
    if (end != names) end = stpcpy(end, ",");
    end = stpcpy(end, gates[i]);
  }
  return names;
}

static int add_own(const struct arguments *arguments, char **result, size_t *count) {
  size_t before = *count, added = 0;
  if (arguments->strictness.on) {
    char *names = open_gates(arguments->strictness.gates);
    if (names == NULL) return -ENOMEM;
    result[before + added++] = entry_of("MAYEXEC_STRICT", "1");
    result[before + added++] = entry_of("MAYEXEC_STRICT_ALLOW", names);
    free(names);
  }
  if (arguments->audit_log != NULL) {
    char target[PATH_MAX];
    int error = audit_target(arguments->audit_log, target);
    if (error != 0) return error;
    result[before + added++] = entry_of("MAYEXEC_AUDIT_LOG", target);
  }
  *count += added;
  for (size_t i = before; i < *count; i++)
    if (result[i] == NULL) return -ENOMEM;
  return 0;
}

int make_environment(char *const given[], const struct arguments *arguments, const char *preload,
                     struct permission permission, char ***out) {
  size_t count = 0;
  while (given[count] != NULL) count++;
  char **result = calloc(count + OWN, sizeof *result);
  if (result == NULL) return -ENOMEM;
  is_quiet = arguments->quiet;
  const char *node_options = NULL;
  count = 0;
  int error = keep_harmless(given, arguments, result, &count, &node_options);
  if (error == 0) {
    error = clean_node_options(node_options == NULL ? "" : node_options, preload,
                               arguments->strictness, permission, left_out_option, &result[count]);
    if (error == 0) count++;
  }
  end_left_out();
  if (error == 0) error = add_own(arguments, result, &count);
  *out = result;
  return error;
}
