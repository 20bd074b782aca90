#ifndef MAYEXEC_ADDON_TEXT_H
#define MAYEXEC_ADDON_TEXT_H

#include <node_api.h>
#include <stddef.h>
#include <stdint.h>

int mayexec_is_ascii(const uint8_t *data, size_t length);

/*
 * A string of the UTF-8 in malloc's `*data`. It sets *data to NULL when the string took the
 * memory. NULL when no string can be created: Node's limit is half a GiB.
 */
napi_value mayexec_move_to_text(napi_env env, uint8_t **data, size_t length, int is_ascii);

#endif
