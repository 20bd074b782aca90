/* An environment: nothing is left of what is to be removed, and nothing else is lost. */
#define _GNU_SOURCE
#include "../../../native/run/environment.c"

#include <stdint.h>

#include "input.h"
#include "status.h"

enum { STRICT = 1, LOG = 2, WARN = 4 };

static const struct audit_log log_file = {.where = {.kind = LOG_FILE}, .fd = -1, .target = "/log"};

static bool is_given(const struct input *input, const char *entry) {
  for (size_t i = 0; i < input->count; i++)
    if (input->words[i] == entry) return true;
  return false;
}

static void check(const struct input *input, const struct arguments *arguments,
                  const struct audit_log *log, char **result) {
  size_t options = 0, kept = 0, harmless = 0;
  for (size_t i = 0; result[i] != NULL; i++) {
    const char *entry = result[i];
    const size_t length = strcspn(entry, "=");
    MUST(entry[length] == '=');
    if (is_given(input, entry)) {
      MUST(effect_of(entry, length) == VARIABLE_HARMLESS);
      kept++;
    } else {
      options += is_named(entry, length, "NODE_OPTIONS");
      free(result[i]);
    }
  }
  for (size_t i = 0; i < input->count; i++) {
    const char *entry = input->words[i];
    const size_t length = strcspn(entry, "=");
    harmless += entry[length] == '=' && !is_replaced(entry, length, arguments, log) &&
                effect_of(entry, length) == VARIABLE_HARMLESS;
  }
  MUST(options == 1 && kept == harmless);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  struct input input;
  input_open(data + 1, size - 1, &input);
  const struct arguments arguments = {.strictness = {(data[0] & STRICT) != 0, data[0] >> 3},
                                      .warn = (data[0] & WARN) != 0};
  const struct audit_log *log = (data[0] & LOG) != 0 ? &log_file : NULL;
  char **result = NULL;
  int error = make_environment(input.words, &arguments, log, "/preload.cjs", (struct permission){0},
                               size % 2 == 0, &result);
  MUST(error == 0 || error == REFUSED);
  if (error == 0) check(&input, &arguments, log, result);
  free(result);
  check_what_was_written();
  input_close(&input);
  return 0;
}
