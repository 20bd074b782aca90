/* Joins datagram.h to JavaScript, by the rules of addon.cc. */
#include "addon_datagram.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "addon_values.h"

extern "C" {
#include "datagram.h"
}

namespace {

/* The longest path of a Unix socket is shorter. */
constexpr size_t kPathSize = 256;

int Connect(napi_env env, napi_value path) {
  char text[kPathSize];
  size_t length = 0;
  if (napi_get_value_string_utf8(env, path, nullptr, 0, &length) != napi_ok) return -EINVAL;
  if (length >= sizeof text) return -ENAMETOOLONG;
  if (napi_get_value_string_utf8(env, path, text, sizeof text, &length) != napi_ok) return -EINVAL;
  return strlen(text) == length ? mayexec_datagram_connect(text) : -EINVAL;
}

/* datagramConnect(path): fd, or -errno */
napi_value DatagramConnect(napi_env env, napi_callback_info info) {
  napi_value path = nullptr;
  size_t count = 1;
  napi_value result = nullptr;
  if (napi_get_cb_info(env, info, &count, &path, nullptr, nullptr) != napi_ok) return nullptr;
  int fd = count < 1 ? -EINVAL : Connect(env, path);
  if (napi_create_int32(env, fd, &result) == napi_ok) return result;
  if (fd >= 0) (void)close(fd);
  return nullptr;
}

}  // namespace

void AddDatagram(napi_env env, napi_value exports) {
  const Export table[] = {{"datagramConnect", DatagramConnect}};
  AddFunctions(env, exports, table, 1);
}
