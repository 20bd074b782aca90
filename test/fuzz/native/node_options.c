/*
 * NODE_OPTIONS: whatever they hold, Node reads the preload first, and then nothing but
 * what is harmless, or checked by it.
 */
#include "node_options.h"

#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "option.h"
#include "status.h"

static const char NAME[] = "NODE_OPTIONS=";
static const char PATH[] = "/a \"b\\c/register.cjs";
static const char REQUIRED[] = "--require=/a \"b\\c/register.cjs";
static const char READ[] = "--allow-fs-read=/a \"b\\c/register.cjs";

static void ignore(const struct option_row *row, const char *gate) {
  (void)gate;
  MUST(row->name[0] == '-');
}

/* As Node splits them; written once more, to find what the code under test gets wrong. */
static const char *read_word(const char *at, char *word) {
  bool quoted = false, begun = false;
  for (; *at != '\0'; at++) {
    if (*at == '"') {
      quoted = !quoted;
    } else if (*at == ' ' && !quoted) {
      if (begun) break;
    } else {
      if (*at == '\\' && quoted) at++;
      MUST(*at != '\0'); /* Node would refuse it */
      *word++ = *at;
      begun = true;
    }
  }
  *word = '\0';
  /* Nor does it take a quote that nobody closes. */
  if (*at == '\0') MUST(!quoted);
  return begun ? at : NULL;
}

static void check_entry(const char *entry, struct strictness strictness) {
  MUST(strncmp(entry, NAME, sizeof NAME - 1) == 0);
  char *word = malloc(strlen(entry) + 1);
  MUST(word != NULL);
  const char *at = read_word(entry + sizeof NAME - 1, word);
  MUST(at != NULL && strcmp(word, REQUIRED) == 0);
  while ((at = read_word(at, word)) != NULL) {
    /* What the preload needs under Node's own permission model. */
    if (word[0] != '-' || strcmp(word, READ) == 0) continue;
    const struct option option = read_option(word);
    MUST(option.row != NULL);
    MUST(is_harmless(option.row, strictness) || option.row->effect == LOADS_CHECKED);
  }
  free(word);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  struct input input;
  input_open(data + 1, size - 1, &input);
  const struct strictness strictness = {.on = (data[0] & 1) != 0, .gates = data[0] >> 1};
  char *entry = NULL;
  const struct permission permission = {.is_on = size > 64};
  int error = clean_node_options(input.count == 0 ? "" : input.words[0], PATH, strictness,
                                 permission, size % 2 == 0, ignore, &entry);
  MUST(error == 0 || error == REFUSED);
  if (error == 0) check_entry(entry, strictness);
  free(error == 0 ? entry : NULL);
  check_what_was_written();
  input_close(&input);
  return 0;
}
