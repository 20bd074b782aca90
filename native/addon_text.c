#include "addon_text.h"

#include <stdlib.h>
#include <string.h>

/*
 * In Node-API since Node 20.4, for those who ask for its experiments. Where a runtime lacks
 * it, the text is copied.
 */
extern napi_status node_api_create_external_string_latin1(napi_env env, char *string, size_t length,
                                                          napi_finalize finalize, void *hint,
                                                          napi_value *result, bool *copied)
    __attribute__((weak));

enum {
  /* A shorter text is copied sooner than V8 can note that it lies elsewhere. */
  SHORTEST_EXTERNAL = 1 << 18,
  WORDS = 8,
};

int mayexec_is_ascii(const uint8_t *data, size_t length) {
  const uint64_t high_bits = UINT64_C(0x8080808080808080);
  uint64_t words[WORDS];
  size_t i = 0;
  for (; length - i >= sizeof words; i += sizeof words) {
    uint64_t all = 0;
    memcpy(words, data + i, sizeof words);
    for (int word = 0; word < WORDS; word++) all |= words[word];
    if ((all & high_bits) != 0) return 0;
  }
  for (; i < length; i++)
    if (data[i] >= 0x80) return 0;
  return 1;
}

static void free_text(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  free(data);
}

napi_value mayexec_move_to_text(napi_env env, uint8_t **data, size_t length, int is_ascii) {
  char *text = (char *)*data;
  napi_value value = NULL;
  napi_status status;
  if (!is_ascii) {
    status = napi_create_string_utf8(env, text, length, &value);
  } else if (node_api_create_external_string_latin1 == NULL || length < SHORTEST_EXTERNAL) {
    status = napi_create_string_latin1(env, text, length, &value);
  } else {
    bool copied = false;
    status =
        node_api_create_external_string_latin1(env, text, length, free_text, NULL, &value, &copied);
    /* The string has it now, or Node has freed it. */
    if (status == napi_ok) *data = NULL;
  }
  return status == napi_ok ? value : NULL;
}
