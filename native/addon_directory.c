/* The operations on directories, and the lock: directory.h, file_lock.h. Names are strings of
 * bytes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "addon_operations.h"
#include "addon_values.h"
#include "directory.h"
#include "file_lock.h"

struct list_call {
  struct mayexec_call call;
  int directory;
  char *entries;
  int64_t length;
};

/* listDirectory(fd): the entries, or -errno */
static int parse_list(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  struct list_call *c = (struct list_call *)call;
  return mayexec_get_int(env, arguments[0], &c->directory);
}

static void run_list(struct mayexec_call *call) {
  struct list_call *c = (struct list_call *)call;
  c->length = mayexec_list_directory(c->directory, &c->entries);
}

static napi_value deliver_list(napi_env env, struct mayexec_call *call) {
  const struct list_call *c = (struct list_call *)call;
  napi_value value = NULL;
  if (call->result < 0) return mayexec_integer(env, call->result);
  if (c->length < 0) return mayexec_integer(env, c->length);
  return napi_create_string_latin1(env, c->entries == NULL ? "" : c->entries, (size_t)c->length,
                                   &value) == napi_ok
             ? value
             : NULL;
}

static void release_list(napi_env env, struct mayexec_call *call) {
  (void)env;
  free(((struct list_call *)call)->entries);
}

const struct mayexec_operation mayexec_list_directory_operation = {.size = sizeof(struct list_call),
                                                                   .parse = parse_list,
                                                                   .run = run_list,
                                                                   .deliver = deliver_list,
                                                                   .release = release_list};

struct names_call {
  struct mayexec_call call;
  struct mayexec_names_in where;
  char *names;
  int32_t *answers;
  napi_ref kept; /* the array that the answers are in */
};

/* The number of names in the string, or -errno. */
static int64_t get_names(napi_env env, napi_value string, char **names) {
  size_t length = 0;
  if (napi_get_value_string_latin1(env, string, NULL, 0, &length) != napi_ok) return -EINVAL;
  *names = malloc(length + 1);
  if (*names == NULL) return -ENOMEM;
  if (napi_get_value_string_latin1(env, string, *names, length + 1, &length) != napi_ok)
    return -EINVAL;
  int64_t count = 0;
  for (size_t i = 0; i < length; i++) count += (*names)[i] == '\0';
  return count;
}

/* checkNames(where, names, answers: Int32Array): 0, or -errno */
static int parse_names(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  struct names_call *c = (struct names_call *)call;
  int error = mayexec_get_ints(env, arguments[0], &c->where.numbers, &c->where.count);
  if (error != 0) return error;
  const int64_t names = get_names(env, arguments[1], &c->names);
  if (names < 0) return (int)names;
  if (names != mayexec_count_names(&c->where) ||
      mayexec_get_int32_array(env, arguments[2], 2 * (size_t)names, &c->answers) != 0 ||
      napi_create_reference(env, arguments[2], 1, &c->kept) != napi_ok)
    return -EINVAL;
  return 0;
}

static void run_names(struct mayexec_call *call) {
  struct names_call *c = (struct names_call *)call;
  call->result =
      mayexec_check_names(call->instance->checker, call->asker, &c->where, c->names, c->answers);
}

static void release_names(napi_env env, struct mayexec_call *call) {
  struct names_call *c = (struct names_call *)call;
  if (c->kept != NULL) (void)napi_delete_reference(env, c->kept);
  free(c->where.numbers);
  free(c->names);
}

const struct mayexec_operation mayexec_check_names_operation = {.size = sizeof(struct names_call),
                                                                .parse = parse_names,
                                                                .run = run_names,
                                                                .release = release_names,
                                                                .checks = 1};

/* lockFile(fd): 0, or -errno */
const struct mayexec_operation mayexec_lock_file_operation = {.of_number = mayexec_lock_file};
