/* Opens, checks and reads code in one call, by the rules of addon.cc. */
#include "addon_read_code.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "addon_instance.h"
#include "addon_values.h"

extern "C" {
#include "open_exec.h"
#include "securebits.h"
}

namespace {

/* readCodeSync's flags beside mayexec_open_exec's. */
enum {
  AS_TEXT = 1 << 16,         /* a string instead of a Buffer */
  CLOSE_WHEN_READ = 1 << 17, /* nobody wants the fd once its content is there */
};
/* What readCodeSync leaves in its Int32Array. */
enum { FACT_FD, FACT_CHECK, FACT_SECUREBITS, FACTS };

/*
 * readCodeSync(path, what, facts): the content, or undefined when none was read.
 *
 * The facts go into a typed array because a program may have put accessors on
 * Array.prototype, by which it could answer for the kernel.
 */
napi_value ReadCodeSync(napi_env env, napi_callback_info info) {
  Instance *instance = InstanceOf(env);
  napi_value arguments[3];
  size_t count = 3;
  napi_typedarray_type type;
  size_t length = 0;
  void *data = nullptr;
  if (instance == nullptr ||
      napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr) != napi_ok || count < 3 ||
      napi_get_typedarray_info(env, arguments[2], &type, &length, &data, nullptr, nullptr) !=
          napi_ok ||
      type != napi_int32_array || length != FACTS)
    return nullptr;
  int32_t *facts = static_cast<int32_t *>(data);

  int what = 0;
  char path[PATH_MAX];
  mayexec_opened opened = {};
  int error = GetInt(env, arguments[1], &what) ? GetPath(env, arguments[0], path) : -EINVAL;
  facts[FACT_SECUREBITS] = mayexec_get_securebits();
  if (error == 0) {
    mayexec_open_exec(instance->checker, AT_FDCWD, path, 0, what, &opened);
  } else {
    opened.fd = error;
    opened.check = MAYEXEC_NOT_CHECKED;
  }
  facts[FACT_FD] = opened.fd;
  facts[FACT_CHECK] = opened.check;

  napi_value content = nullptr;
  if (opened.data != nullptr) {
    size_t size = static_cast<size_t>(opened.length);
    const char *bytes = reinterpret_cast<const char *>(opened.data);
    napi_status status = (what & AS_TEXT) != 0
                             ? napi_create_string_utf8(env, bytes, size, &content)
                             : napi_create_buffer_copy(env, size, bytes, nullptr, &content);
    free(opened.data);
    if (status != napi_ok) content = nullptr;
  }
  if (opened.fd >= 0) {
    if (content != nullptr && (what & CLOSE_WHEN_READ) != 0) {
      (void)close(opened.fd);
    } else {
      instance->fds.push_back(opened.fd);
    }
  }
  return content;
}

}  // namespace

void AddReadCode(napi_env env, napi_value exports) {
  const Export table[] = {{"readCodeSync", ReadCodeSync}};
  AddFunctions(env, exports, table, 1);
}
