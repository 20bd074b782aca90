#define _GNU_SOURCE
#include "environment.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../securebits.h"
#include "absolute_path.h"
#include "message.h"
#include "node_options.h"
#include "refusal.h"
#include "starter_securebits.h"
#include "status.h"
#include "tables.h"
#include "utf8.h"

/* NODE_OPTIONS, MAYEXEC_ with SECUREBITS, STRICT, STRICT_ALLOW, AUDIT_LOG, LOG, LOG_TEXT, WARN,
 * IMAGE, BYTECODE, and the null pointer. */
enum { OWN = 11 };
static const char SECUREBITS[] = "MAYEXEC_SECUREBITS";

static bool is_named(const char *entry, size_t length, const char *name) {
  return strlen(name) == length && strncmp(entry, name, length) == 0;
}

static const char *value_of(const char *name, char *const envp[]) {
  for (; *envp != NULL; envp++) {
    size_t length = strcspn(*envp, "=");
    if ((*envp)[length] == '=' && is_named(*envp, length, name)) return *envp + length + 1;
  }
  return "";
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

/* Whether the arguments replace the value. */
static bool is_replaced(const char *entry, size_t length, const struct arguments *arguments,
                        const struct audit_log *log) {
  if (arguments->strictness.on && (is_named(entry, length, "MAYEXEC_STRICT") ||
                                   is_named(entry, length, "MAYEXEC_STRICT_ALLOW")))
    return true;
  if (!arguments->audit && is_named(entry, length, SECUREBITS)) return true;
  if (arguments->warn && is_named(entry, length, "MAYEXEC_WARN")) return true;
  if (arguments->records != NULL && is_named(entry, length, "MAYEXEC_LOG")) return true;
  if (arguments->log_text != NULL && is_named(entry, length, "MAYEXEC_LOG_TEXT")) return true;
  if (arguments->image != NULL && is_named(entry, length, "MAYEXEC_IMAGE")) return true;
  if (arguments->bytecode != NULL && is_named(entry, length, "MAYEXEC_BYTECODE")) return true;
  return log != NULL && is_named(entry, length, "MAYEXEC_AUDIT_LOG");
}

static void left_out_option(const struct option_row *row, const char *gate) {
  leave_out("NODE_OPTIONS", row, gate);
}

/* Keeps the harmless entries. An entry without '=' has no name, so no program could read it. */
static int keep_harmless(char *const given[], const struct arguments *arguments,
                         const struct audit_log *log, char **result, size_t *count,
                         const char **node_options) {
  for (; *given != NULL; given++) {
    size_t length = strcspn(*given, "=");
    if ((*given)[length] == '\0' || is_replaced(*given, length, arguments, log)) continue;
    enum variable_effect effect = effect_of(*given, length);
    if (effect == VARIABLE_HARMLESS) {
      result[(*count)++] = *given;
    } else if (effect == VARIABLE_NODE_OPTIONS) {
      /* getenv(3) finds the first of several. */
      if (*node_options == NULL) *node_options = *given + length + 1;
    } else if (effect != VARIABLE_CACHE) {
      char *name = strndup(*given, length);
      if (name == NULL) return -ENOMEM;
      leave_out(name, NULL, NULL);
      free(name);
      if (only_tells()) result[(*count)++] = *given;
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

/* The securebits that the command is going to have, and lost ones. 0, or -errno. */
static int add_securebits(const struct arguments *arguments, const char *given, char **result,
                          size_t *count) {
  int before = mayexec_get_securebits();
  unsigned wanted =
      arguments->only == 0 ? MAYEXEC_RESTRICT_FILE | MAYEXEC_DENY_INTERACTIVE : arguments->only;
  char *value = securebits_to_hand_on(before < 0 ? wanted : (unsigned)before | wanted, given);
  char *entry = value == NULL ? NULL : entry_of(SECUREBITS, value);
  free(value);
  if (entry == NULL) return -ENOMEM;
  result[(*count)++] = entry;
  return 0;
}

/* Adds a variable with the absolute path of a file, if there is one. 0, -errno, or REFUSED. */
static int add_path(const char *name, const char *file, char **result, size_t *count) {
  if (file == NULL) return 0;
  char path[PATH_MAX];
  int error = absolute_path(file, path);
  if (error != 0) return error;
  if (!is_utf8(path)) {
    say("'", path, "' is not UTF-8, and Node would take another file for it. Rename it");
    return REFUSED;
  }
  char *entry = entry_of(name, path);
  if (entry == NULL) return -ENOMEM;
  result[(*count)++] = entry;
  return 0;
}

static int add_own(const struct arguments *arguments, const struct audit_log *log,
                   const char *securebits, char **result, size_t *count) {
  if (!arguments->audit) {
    int error = add_securebits(arguments, securebits, result, count);
    if (error != 0) return error;
  }
  size_t before = *count, added = 0;
  if (arguments->strictness.on) {
    char *names = open_gates(arguments->strictness.gates);
    if (names == NULL) return -ENOMEM;
    result[before + added++] = entry_of("MAYEXEC_STRICT", arguments->audit ? "audit" : "1");
    result[before + added++] = entry_of("MAYEXEC_STRICT_ALLOW", names);
    free(names);
  }
  if (log != NULL) result[before + added++] = entry_of("MAYEXEC_AUDIT_LOG", log->target);
  if (arguments->records != NULL)
    result[before + added++] = entry_of("MAYEXEC_LOG", arguments->records);
  if (arguments->log_text != NULL)
    result[before + added++] = entry_of("MAYEXEC_LOG_TEXT", arguments->log_text);
  if (arguments->warn) result[before + added++] = entry_of("MAYEXEC_WARN", "1");
  *count += added;
  for (size_t i = before; i < *count; i++)
    if (result[i] == NULL) return -ENOMEM;
  int error = add_path("MAYEXEC_IMAGE", arguments->image, result, count);
  return error != 0 ? error : add_path("MAYEXEC_BYTECODE", arguments->bytecode, result, count);
}

int make_environment(char *const given[], const struct arguments *arguments,
                     const struct audit_log *log, const char *preload, struct permission permission,
                     bool closes_signal, char ***out) {
  size_t count = 0;
  while (given[count] != NULL) count++;
  char **result = calloc(count + OWN, sizeof *result);
  if (result == NULL) return -ENOMEM;
  const char *node_options = NULL;
  count = 0;
  int error = keep_harmless(given, arguments, log, result, &count, &node_options);
  if (error == 0) {
    error =
        clean_node_options(node_options == NULL ? "" : node_options, preload, arguments->strictness,
                           permission, closes_signal, left_out_option, &result[count]);
    if (error == 0) count++;
  }
  end_left_out();
  if (error == 0) error = add_own(arguments, log, value_of(SECUREBITS, given), result, &count);
  *out = result;
  return error;
}

static bool is_on(const char *value) { return value[0] != '\0' && strcmp(value, "0") != 0; }

const char *policy_variable(char *const envp[]) {
  static const char ENFORCE[] = "MAYEXEC_ENFORCE", STRICT[] = "MAYEXEC_STRICT";
  if (is_on(value_of(ENFORCE, envp))) return ENFORCE;
  if (are_lost(value_of(SECUREBITS, envp))) return SECUREBITS;
  const char *strict = value_of(STRICT, envp);
  return is_on(strict) && strcmp(strict, "audit") != 0 ? STRICT : NULL;
}

const char *inherited_log(char *const envp[]) {
  const char *target = value_of("MAYEXEC_AUDIT_LOG", envp);
  return target[0] == '\0' ? NULL : target;
}
