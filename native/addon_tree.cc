/*
 * Joins tree.h to JavaScript, by the rules of addon.cc: each status is looked
 * at, nothing is thrown, and what JavaScript cannot be given is released.
 */
#include "addon_tree.h"

#include <errno.h>
#include <stdlib.h>

#include <new>

#include "addon_values.h"

extern "C" {
#include "tree.h"
}

namespace {

struct Walk {
  int root;
  int what;
  int result;
  uint8_t *records;
  size_t length;
  napi_deferred deferred;
  napi_async_work work;
};

void Execute(napi_env, void *data) {
  Walk *walk = static_cast<Walk *>(data);
  walk->result = mayexec_tree_walk(walk->root, walk->what, &walk->records, &walk->length);
}

void Complete(napi_env env, napi_status status, void *data) {
  Walk *walk = static_cast<Walk *>(data);
  napi_value value = nullptr;
  if (status == napi_ok) {
    napi_status made = walk->result < 0 ? napi_create_int32(env, walk->result, &value)
                                        : napi_create_buffer_copy(env, walk->length, walk->records,
                                                                  nullptr, &value);
    if (made == napi_ok) (void)napi_resolve_deferred(env, walk->deferred, value);
  }
  (void)napi_delete_async_work(env, walk->work);
  free(walk->records);
  delete walk;
}

/* treeWalk(root, what): Promise of a Buffer, or of -errno */
napi_value TreeWalk(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2;
  napi_value promise = nullptr;
  napi_value name = nullptr;
  if (napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr) != napi_ok) return nullptr;
  Walk *walk = new (std::nothrow) Walk{};
  if (walk == nullptr) return nullptr;
  if (count < 2 || napi_get_value_int32(env, arguments[0], &walk->root) != napi_ok ||
      napi_get_value_int32(env, arguments[1], &walk->what) != napi_ok)
    walk->root = -1;
  if (napi_create_promise(env, &walk->deferred, &promise) != napi_ok ||
      napi_create_string_utf8(env, "mayexec", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_async_work(env, nullptr, name, Execute, Complete, walk, &walk->work) != napi_ok) {
    delete walk;
    return nullptr;
  }
  if (napi_queue_async_work(env, walk->work) != napi_ok) {
    (void)napi_delete_async_work(env, walk->work);
    delete walk;
    return nullptr;
  }
  return promise;
}

/* treeTake(): a Buffer of the records so far, empty when there are none */
napi_value TreeTake(napi_env env, napi_callback_info) {
  uint8_t *records = nullptr;
  const size_t length = mayexec_tree_take(&records);
  napi_value value = nullptr;
  const napi_status made = napi_create_buffer_copy(env, length, records, nullptr, &value);
  free(records);
  return made == napi_ok ? value : nullptr;
}

/* treeProgress(): [directories, walked, files, code] */
napi_value TreeProgress(napi_env env, napi_callback_info) {
  const struct mayexec_tree_progress progress = mayexec_tree_get_progress();
  const uint32_t counters[] = {progress.directories, progress.walked, progress.files,
                               progress.code};
  napi_value array = nullptr;
  if (napi_create_array_with_length(env, 4, &array) != napi_ok) return nullptr;
  for (uint32_t i = 0; i < 4; i++) {
    napi_value value = nullptr;
    if (napi_create_uint32(env, counters[i], &value) != napi_ok ||
        napi_set_element(env, array, i, value) != napi_ok)
      return nullptr;
  }
  return array;
}

}  // namespace

void AddTree(napi_env env, napi_value exports) {
  const Export table[] = {
      {"treeWalk", TreeWalk}, {"treeTake", TreeTake}, {"treeProgress", TreeProgress}};
  AddFunctions(env, exports, table, 3);
}
