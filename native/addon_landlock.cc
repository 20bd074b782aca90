/* Joins landlock.h to JavaScript, by the rules of addon.cc. */
#include "addon_landlock.h"

#include <errno.h>

#include <vector>

#include "addon_values.h"

extern "C" {
#include "landlock.h"
}

namespace {

/* landlockAbi() */
napi_value LandlockAbi(napi_env env, napi_callback_info) {
  return Integer(env, mayexec_landlock_abi());
}

/* The fds in a JavaScript array. 0, or -errno. */
int GetFds(napi_env env, napi_value array, std::vector<int> *fds) {
  uint32_t length = 0;
  if (napi_get_array_length(env, array, &length) != napi_ok) return -EINVAL;
  for (uint32_t i = 0; i < length; i++) {
    napi_value value = nullptr;
    int32_t fd = -1;
    if (napi_get_element(env, array, i, &value) != napi_ok ||
        napi_get_value_int32(env, value, &fd) != napi_ok)
      return -EINVAL;
    fds->push_back(fd);
  }
  return 0;
}

/* landlockRestrictExec(root, fds): 0, 1 when no_new_privs was set, or -errno */
napi_value LandlockRestrictExec(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2;
  int32_t root = -1;
  if (napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr) != napi_ok) return nullptr;
  if (count < 2 || napi_get_value_int32(env, arguments[0], &root) != napi_ok)
    return Integer(env, -EINVAL);
  std::vector<int> fds;
  int result = GetFds(env, arguments[1], &fds);
  if (result == 0) result = mayexec_landlock_restrict_exec(root, fds.data(), fds.size());
  return Integer(env, result);
}

}  // namespace

void AddLandlock(napi_env env, napi_value exports) {
  const Export table[] = {{"landlockAbi", LandlockAbi},
                          {"landlockRestrictExec", LandlockRestrictExec}};
  AddFunctions(env, exports, table, 2);
}
