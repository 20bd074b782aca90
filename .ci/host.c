/*
 * Loads the addon into a process that is not Node: every Node-API function is
 * here and fails. What is shown is that the dynamic loader takes the file under
 * this libc, and that it lives without Node's help.
 * NAPI_FUNCTIONS, made by .ci/binary, lists what the addon asks for.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

#define NAPI_FUNCTION(name) \
  int name(void);           \
  int name(void) { return 9; /* napi_generic_failure */ }
#include NAPI_FUNCTIONS

int main(int argc, char **argv) {
  void *addon = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
  if (addon == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  int32_t (*version)(void) = (int32_t(*)(void))dlsym(addon, "node_api_module_get_api_version_v1");
  void *(*init)(void *, void *) =
      (void *(*)(void *, void *))dlsym(addon, "napi_register_module_v1");
  if (version == NULL || init == NULL || version() != 8) return 1;
  (void)init(&argc, &argv);
  puts("loaded");
  return 0;
}
