/*
 * Joins tree.h to JavaScript, by the rules of addon.cc: each status is looked
 * at, nothing is thrown, and what JavaScript cannot be given is released.
 */
#include "addon_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

typedef struct Walk {
  int root;
  int what;
  int result;
  uint8_t *records;
  size_t length;
  napi_deferred deferred;
  napi_async_work work;
} Walk;

static void Execute(napi_env env, void *data) {
  (void)env;
  Walk *walk = data;
  walk->result = mayexec_tree_walk(walk->root, walk->what, &walk->records, &walk->length);
}

static void Complete(napi_env env, napi_status status, void *data) {
  Walk *walk = data;
  napi_value value = NULL;
  if (status == napi_ok) {
    napi_status made =
        walk->result < 0 ? napi_create_int32(env, walk->result, &value)
                         : napi_create_buffer_copy(env, walk->length, walk->records, NULL, &value);
    if (made == napi_ok) (void)napi_resolve_deferred(env, walk->deferred, value);
  }
  (void)napi_delete_async_work(env, walk->work);
  free(walk->records);
  free(walk);
}

/* treeWalk(root, what): Promise of a Buffer, or of -errno */
static napi_value TreeWalk(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2;
  napi_value promise = NULL;
  napi_value name = NULL;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok) return NULL;
  Walk *walk = calloc(1, sizeof(Walk));
  if (walk == NULL) return NULL;
  if (count < 2 || napi_get_value_int32(env, arguments[0], &walk->root) != napi_ok ||
      napi_get_value_int32(env, arguments[1], &walk->what) != napi_ok)
    walk->root = -1;
  if (napi_create_promise(env, &walk->deferred, &promise) != napi_ok ||
      napi_create_string_utf8(env, "mayexec", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_async_work(env, NULL, name, Execute, Complete, walk, &walk->work) != napi_ok) {
    free(walk);
    return NULL;
  }
  if (napi_queue_async_work(env, walk->work) != napi_ok) {
    (void)napi_delete_async_work(env, walk->work);
    free(walk);
    return NULL;
  }
  return promise;
}

/* treeTake(): a Buffer of the records so far, empty when there are none */
static napi_value TreeTake(napi_env env, napi_callback_info info) {
  (void)info;
  uint8_t *records = NULL;
  const size_t length = mayexec_tree_take(&records);
  napi_value value = NULL;
  const napi_status made = napi_create_buffer_copy(env, length, records, NULL, &value);
  free(records);
  return made == napi_ok ? value : NULL;
}

/* treeProgress(): [directories, walked, files, code] */
static napi_value TreeProgress(napi_env env, napi_callback_info info) {
  (void)info;
  const struct mayexec_tree_progress progress = mayexec_tree_get_progress();
  const uint32_t counters[] = {progress.directories, progress.walked, progress.files,
                               progress.code};
  napi_value array = NULL;
  if (napi_create_array_with_length(env, 4, &array) != napi_ok) return NULL;
  for (uint32_t i = 0; i < 4; i++) {
    napi_value value = NULL;
    if (napi_create_uint32(env, counters[i], &value) != napi_ok ||
        napi_set_element(env, array, i, value) != napi_ok)
      return NULL;
  }
  return array;
}

void mayexec_add_tree(napi_env env, napi_value exports) {
  const struct {
    const char *name;
    napi_callback call;
  } table[] = {{"treeWalk", TreeWalk}, {"treeTake", TreeTake}, {"treeProgress", TreeProgress}};
  for (size_t i = 0; i < 3; i++) {
    napi_value function = NULL;
    if (napi_create_function(env, table[i].name, NAPI_AUTO_LENGTH, table[i].call, NULL,
                             &function) != napi_ok ||
        napi_set_named_property(env, exports, table[i].name, function) != napi_ok)
      return;
  }
}
