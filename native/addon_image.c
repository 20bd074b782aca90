/* The operations on a code image: code_image.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "addon_operations.h"
#include "addon_text.h"
#include "addon_values.h"
#include "code_image.h"

static int get_bytes(napi_env env, napi_value value, const uint8_t **bytes, size_t *length) {
  napi_typedarray_type type;
  void *data = NULL;
  if (napi_get_typedarray_info(env, value, &type, length, &data, NULL, NULL) != napi_ok ||
      type != napi_uint8_array || (data == NULL && *length != 0))
    return -EINVAL;
  *bytes = data;
  return 0;
}

struct sha256_call {
  struct mayexec_call call;
  uint8_t digest[MAYEXEC_SHA256];
};

/* sha256(bytes): in hexadecimal digits, or -errno */
static int parse_sha256(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  struct sha256_call *c = (struct sha256_call *)call;
  const uint8_t *bytes = NULL;
  size_t length = 0;
  if (get_bytes(env, arguments[0], &bytes, &length) != 0) return -EINVAL;
  return mayexec_sha256(bytes, length, c->digest);
}

static napi_value deliver_sha256(napi_env env, struct mayexec_call *call) {
  if (call->result < 0) return mayexec_integer(env, call->result);
  static const char digits[] = "0123456789abcdef";
  const uint8_t *digest = ((struct sha256_call *)call)->digest;
  char text[2 * MAYEXEC_SHA256];
  for (size_t i = 0; i < MAYEXEC_SHA256; i++) {
    text[2 * i] = digits[digest[i] >> 4];
    text[2 * i + 1] = digits[digest[i] & 15];
  }
  napi_value value = NULL;
  return napi_create_string_latin1(env, text, sizeof text, &value) == napi_ok ? value : NULL;
}

const struct mayexec_operation mayexec_sha256_operation = {
    .size = sizeof(struct sha256_call), .parse = parse_sha256, .deliver = deliver_sha256};

struct find_call {
  struct mayexec_call call;
  char path[PATH_MAX];
};

/* imageFind(records, paths, path): its index, or -errno */
static int parse_find(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  struct find_call *c = (struct find_call *)call;
  struct mayexec_image_directory directory = {0};
  if (get_bytes(env, arguments[0], &directory.records, &directory.records_length) != 0 ||
      get_bytes(env, arguments[1], &directory.paths, &directory.paths_length) != 0)
    return -EINVAL;
  int error = mayexec_get_path(env, arguments[2], c->path);
  return error != 0 ? error : mayexec_image_find(&directory, c->path);
}

const struct mayexec_operation mayexec_image_find_operation = {.size = sizeof(struct find_call),
                                                               .parse = parse_find};

/* NULL for an index without a record. */
static const uint8_t *get_record(napi_env env, napi_value records, napi_value index) {
  const uint8_t *all = NULL;
  size_t length = 0;
  int i = -1;
  if (get_bytes(env, records, &all, &length) != 0 || mayexec_get_int(env, index, &i) != 0 ||
      i < 0 || (size_t)i >= length / MAYEXEC_IMAGE_RECORD)
    return NULL;
  return all + (size_t)i * MAYEXEC_IMAGE_RECORD;
}

/* imageIsSource(records, index, text): 1 or 0, or -errno */
static int parse_is_source(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  (void)call;
  const uint8_t *record = get_record(env, arguments[0], arguments[1]);
  size_t length = 0;
  if (record == NULL || napi_get_value_string_utf8(env, arguments[2], NULL, 0, &length) != napi_ok)
    return -EINVAL;
  char *text = malloc(length + 1);
  if (text == NULL) return -ENOMEM;
  int result = napi_get_value_string_utf8(env, arguments[2], text, length + 1, &length) == napi_ok
                   ? mayexec_image_is_source(record, text, length)
                   : -EINVAL;
  free(text);
  return result;
}

const struct mayexec_operation mayexec_image_is_source_operation = {
    .size = sizeof(struct mayexec_call), .parse = parse_is_source};

/* What imageRead returns. */
enum { BYTECODE, SOURCE, SOURCE_AS_TEXT, SOURCE_AS_FUNCTION };

/* Makes a script of a module's source whose value is a function: src/image/bytecode.ts. */
static const char HEAD[] = "(function (exports, require, module, __filename, __dirname) { ";
static const char TAIL[] = "\n});";

struct image_read_call {
  struct mayexec_call call;
  int what, is_ascii;
  size_t before, after;
  int64_t length;
  uint8_t *data;
};

/* imageRead(fd, records, index, what): a Buffer or a string, or -errno */
static int parse_image_read(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  struct image_read_call *c = (struct image_read_call *)call;
  const uint8_t *record = get_record(env, arguments[1], arguments[2]);
  int fd = -1;
  c->length = -EINVAL;
  if (record == NULL || mayexec_get_int(env, arguments[0], &fd) != 0 ||
      mayexec_get_int(env, arguments[3], &c->what) != 0)
    return -EINVAL;
  c->is_ascii = mayexec_image_is_ascii(record);
  if (c->what == SOURCE_AS_FUNCTION) {
    c->before = sizeof HEAD - 1;
    c->after = sizeof TAIL - 1;
  }
  c->length = mayexec_image_read(
      fd, record, c->what == BYTECODE ? MAYEXEC_IMAGE_BYTECODE : MAYEXEC_IMAGE_SOURCE, c->before,
      c->after, &c->data);
  return c->length < 0 ? (int)c->length : 0;
}

static napi_value create_text(napi_env env, struct image_read_call *c) {
  memcpy(c->data, HEAD, c->before);
  memcpy(c->data + c->before + c->length, TAIL, c->after);
  const size_t length = c->before + (size_t)c->length + c->after;
  return mayexec_move_to_text(env, &c->data, length, c->is_ascii);
}

static napi_value deliver_image_read(napi_env env, struct mayexec_call *call) {
  struct image_read_call *c = (struct image_read_call *)call;
  if (c->length < 0) return mayexec_integer(env, c->length);
  const int as_text = c->what == SOURCE_AS_TEXT || c->what == SOURCE_AS_FUNCTION;
  napi_value value =
      as_text ? create_text(env, c) : mayexec_move_to_buffer(env, c->data, (size_t)c->length);
  return value != NULL ? value : mayexec_integer(env, -ENOMEM);
}

static void release_image_read(napi_env env, struct mayexec_call *call) {
  (void)env;
  free(((struct image_read_call *)call)->data);
}

const struct mayexec_operation mayexec_image_read_operation = {
    .size = sizeof(struct image_read_call),
    .parse = parse_image_read,
    .deliver = deliver_image_read,
    .release = release_image_read};
