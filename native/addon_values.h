#ifndef MAYEXEC_ADDON_VALUES_H
#define MAYEXEC_ADDON_VALUES_H

#include <limits.h>
#include <node_api.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Conversions between C and JavaScript. A Worker may be ending while any of them runs, and
 * then every napi call can fail. So each status is checked, and nothing is thrown.
 */

/* NULL when no value can be created. */
napi_value mayexec_integer(napi_env env, int64_t value);

/*
 * A Buffer with a copy of malloc's `data`, which only the caller may free and nobody may read
 * from now on. A large file is in memory once and not twice. NULL when no Buffer can be created.
 */
napi_value mayexec_move_to_buffer(napi_env env, uint8_t *data, size_t length);

/* Each returns 0, or -EINVAL for a value of another kind. */
int mayexec_get_int(napi_env env, napi_value value, int *result);
/* A number, or a BigInt for what no number can hold. */
int mayexec_get_uint64(napi_env env, napi_value value, uint64_t *result);
int mayexec_get_int32_array(napi_env env, napi_value value, size_t length, int32_t **result);

/* A string or a Buffer. -errno for a path that no kernel would accept. */
int mayexec_get_path(napi_env env, napi_value value, char path[PATH_MAX]);

/* An array of integers or strings, for the caller to free. Strings end with a NULL pointer. */
int mayexec_get_ints(napi_env env, napi_value array, int **ints, size_t *count);
int mayexec_get_strings(napi_env env, napi_value array, char ***strings);
void mayexec_free_strings(char **strings);

#endif
