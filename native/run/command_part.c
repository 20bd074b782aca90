#include "command_part.h"

#include <string.h>

#include "option.h"

struct part all_words(const struct words *words, size_t from) {
  return (struct part){.words = words, .from = from, .to = words->count};
}

/* The index of a Node's script, or of what ends its options. 0 when that is not certain. */
static size_t find_script(const struct words *words, size_t node) {
  if (!words->list[node].plain) return 0;
  bool value_expected = false;
  for (size_t i = node + 1; i < words->count; i++) {
    const char *word = words->list[i].text;
    if (words->list[i].begins || !words->list[i].plain) return 0;
    if (strcmp(word, "--") == 0) return i;
    if (word[0] == '-' && word[1] != '\0') {
      value_expected = read_option(word).takes_word;
    } else {
      if (!value_expected) return i;
      value_expected = false;
    }
  }
  return 0;
}

struct part words_behind(const struct words *words, size_t node) {
  struct part part = all_words(words, node + 1);
  size_t script = find_script(words, node);
  if (script == 0) return part;
  part.is_one_command = true;
  part.to = script + 1;
  while (part.to < words->count && !words->list[part.to].begins) part.to++;
  return part;
}
