#include "addon_values.h"

#include <errno.h>
#include <string.h>

napi_value Integer(napi_env env, int64_t value) {
  napi_value result = nullptr;
  return napi_create_int64(env, value, &result) == napi_ok ? result : nullptr;
}

int GetPath(napi_env env, napi_value value, char (&path)[PATH_MAX]) {
  bool is_buffer = false;
  if (napi_is_buffer(env, value, &is_buffer) != napi_ok) return -EINVAL;
  size_t length = 0;
  if (is_buffer) {
    void *data = nullptr;
    if (napi_get_buffer_info(env, value, &data, &length) != napi_ok) return -EINVAL;
    if (length >= sizeof path) return -ENAMETOOLONG;
    if (length > 0) memcpy(path, data, length);
    path[length] = '\0';
  } else {
    if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return -EINVAL;
    if (length >= sizeof path) return -ENAMETOOLONG;
    if (napi_get_value_string_utf8(env, value, path, sizeof path, &length) != napi_ok)
      return -EINVAL;
  }
  return memchr(path, '\0', length) == nullptr ? 0 : -EINVAL;
}

bool GetInt(napi_env env, napi_value value, int *result) {
  int32_t number = 0;
  if (napi_get_value_int32(env, value, &number) != napi_ok) return false;
  *result = number;
  return true;
}

bool GetUint64(napi_env env, napi_value value, uint64_t *result) {
  bool lossless = false;
  return napi_get_value_bigint_uint64(env, value, result, &lossless) == napi_ok && lossless;
}

bool GetStrings(napi_env env, napi_value array, std::vector<std::string> *strings) {
  uint32_t count = 0;
  if (napi_get_array_length(env, array, &count) != napi_ok) return false;
  for (uint32_t i = 0; i < count; i++) {
    napi_value item = nullptr;
    size_t length = 0;
    if (napi_get_element(env, array, i, &item) != napi_ok ||
        napi_get_value_string_utf8(env, item, nullptr, 0, &length) != napi_ok)
      return false;
    std::string string(length + 1, '\0');
    if (napi_get_value_string_utf8(env, item, &string[0], length + 1, &length) != napi_ok)
      return false;
    string.resize(length);
    strings->push_back(string);
  }
  return true;
}

void AddFunctions(napi_env env, napi_value exports, const Export *table, size_t count) {
  for (size_t i = 0; i < count; i++) {
    napi_value function = nullptr;
    if (napi_create_function(env, table[i].name, NAPI_AUTO_LENGTH, table[i].call, nullptr,
                             &function) != napi_ok ||
        napi_set_named_property(env, exports, table[i].name, function) != napi_ok)
      return;
  }
}
