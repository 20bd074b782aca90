#define _GNU_SOURCE
#include "addon_values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Larger content is copied in pieces of this size. */
enum { PIECE = 4 << 20 };

napi_value mayexec_integer(napi_env env, int64_t value) {
  napi_value result = NULL;
  return napi_create_int64(env, value, &result) == napi_ok ? result : NULL;
}

/* Gives whole pages back to the kernel. If the kernel takes none, free() frees them later. */
static void give_back(uint8_t *data, size_t length) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  const size_t before = (page - (uintptr_t)data % page) % page;
  if (length <= before) return;
  (void)madvise(data + before, (length - before) / page * page, MADV_DONTNEED);
}

/* An external Buffer would need no copy, but a program could not transfer it to a Worker. */
napi_value mayexec_move_to_buffer(napi_env env, uint8_t *data, size_t length) {
  napi_value buffer = NULL;
  if (length <= PIECE)
    return napi_create_buffer_copy(env, length, data, NULL, &buffer) == napi_ok ? buffer : NULL;
  void *room = NULL;
  if (napi_create_buffer(env, length, &room, &buffer) != napi_ok) return NULL;
  uint8_t *to = room;
  for (size_t done = 0; done < length; done += PIECE) {
    const size_t piece = length - done < PIECE ? length - done : PIECE;
    memcpy(to + done, data + done, piece);
    give_back(data + done, piece);
  }
  return buffer;
}

int mayexec_get_int(napi_env env, napi_value value, int *result) {
  int32_t number = 0;
  if (napi_get_value_int32(env, value, &number) != napi_ok) return -EINVAL;
  *result = number;
  return 0;
}

int mayexec_get_uint64(napi_env env, napi_value value, uint64_t *result) {
  int64_t number = 0;
  bool lossless = false;
  if (napi_get_value_int64(env, value, &number) == napi_ok) {
    *result = (uint64_t)number;
    return number >= 0 ? 0 : -EINVAL;
  }
  napi_status status = napi_get_value_bigint_uint64(env, value, result, &lossless);
  return status == napi_ok && lossless ? 0 : -EINVAL;
}

int mayexec_get_int32_array(napi_env env, napi_value value, size_t length, int32_t **result) {
  napi_typedarray_type type;
  size_t found = 0;
  void *data = NULL;
  if (napi_get_typedarray_info(env, value, &type, &found, &data, NULL, NULL) != napi_ok ||
      type != napi_int32_array || found != length || data == NULL)
    return -EINVAL;
  *result = data;
  return 0;
}

/* A cut string may miss up to three bytes of the room, since no character is cut. */
static int get_string_path(napi_env env, napi_value value, char *path, size_t *length) {
  if (napi_get_value_string_utf8(env, value, path, PATH_MAX, length) != napi_ok) return -EINVAL;
  if (*length < PATH_MAX - 4) return 0;
  size_t whole = 0;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &whole) != napi_ok) return -EINVAL;
  return whole == *length ? 0 : -ENAMETOOLONG;
}

static int get_bytes_path(napi_env env, napi_value value, char *path, size_t *length) {
  void *data = NULL;
  bool is_buffer = false;
  if (napi_is_buffer(env, value, &is_buffer) != napi_ok || !is_buffer ||
      napi_get_buffer_info(env, value, &data, length) != napi_ok)
    return -EINVAL;
  if (*length >= PATH_MAX) return -ENAMETOOLONG;
  if (*length > 0) memcpy(path, data, *length);
  path[*length] = '\0';
  return 0;
}

int mayexec_get_path(napi_env env, napi_value value, char path[PATH_MAX]) {
  size_t length = 0;
  int error = get_string_path(env, value, path, &length);
  if (error == -EINVAL) error = get_bytes_path(env, value, path, &length);
  if (error != 0) return error;
  return memchr(path, '\0', length) == NULL ? 0 : -EINVAL;
}

int mayexec_get_ints(napi_env env, napi_value array, int **ints, size_t *count) {
  uint32_t length = 0;
  if (napi_get_array_length(env, array, &length) != napi_ok) return -EINVAL;
  int *found = calloc((size_t)length + 1, sizeof *found);
  if (found == NULL) return -ENOMEM;
  for (uint32_t i = 0; i < length; i++) {
    napi_value item = NULL;
    if (napi_get_element(env, array, i, &item) == napi_ok &&
        mayexec_get_int(env, item, &found[i]) == 0)
      continue;
    free(found);
    return -EINVAL;
  }
  *ints = found;
  *count = length;
  return 0;
}

static char *get_string(napi_env env, napi_value value) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok) return NULL;
  char *string = malloc(length + 1);
  if (string == NULL) return NULL;
  if (napi_get_value_string_utf8(env, value, string, length + 1, &length) == napi_ok) return string;
  free(string);
  return NULL;
}

int mayexec_get_strings(napi_env env, napi_value array, char ***strings) {
  uint32_t length = 0;
  if (napi_get_array_length(env, array, &length) != napi_ok) return -EINVAL;
  char **found = calloc((size_t)length + 1, sizeof *found);
  if (found == NULL) return -ENOMEM;
  for (uint32_t i = 0; i < length; i++) {
    napi_value item = NULL;
    if (napi_get_element(env, array, i, &item) == napi_ok) found[i] = get_string(env, item);
    if (found[i] != NULL) continue;
    mayexec_free_strings(found);
    return -EINVAL;
  }
  *strings = found;
  return 0;
}

void mayexec_free_strings(char **strings) {
  if (strings == NULL) return;
  for (char **string = strings; *string != NULL; string++) free(*string);
  free(strings);
}
