/*
 * Connects the C library to JavaScript and decides nothing. It takes integers, strings and
 * buffers. It returns integers (>= 0, or -errno), strings and buffers.
 */
#include <napi.h>
#include <unistd.h>

#include <cstdlib>

extern "C" {
#include "addon_operations.h"
#include "open_exec.h"
#include "try_calls.h"
}

static const struct mayexec_export table[] = {
    {"openat2Sync", &mayexec_openat2_operation, 0},
    {"openat2", &mayexec_openat2_operation, 1},
    {"openat2Probe", &mayexec_openat2_probe_operation, 0},
    {"clipOsOpen", &mayexec_clip_os_open_operation, 0},
    {"openCodeSync", &mayexec_open_code_operation, 0},
    {"openCode", &mayexec_open_code_operation, 1},
    {"checkSync", &mayexec_check_operation, 0},
    {"check", &mayexec_check_operation, 1},
    {"readFileSync", &mayexec_read_file_operation, 0},
    {"readFile", &mayexec_read_file_operation, 1},
    {"disown", &mayexec_disown_operation, 0},
    {"moveFd", &mayexec_move_fd_operation, 0},
    {"closeOwned", &mayexec_close_owned_operation, 0},
    {"execCheckProbe", &mayexec_check_probe_operation, 0},
    {"fileMode", &mayexec_file_mode_operation, 0},
    {"fileIdentity", &mayexec_file_identity_operation, 0},
    {"execAccess", &mayexec_exec_access_operation, 0},
    {"modeGrants", &mayexec_mode_grants_operation, 0},
    {"onNoexecMount", &mayexec_noexec_mount_operation, 0},
    {"kernelFile", &mayexec_kernel_file_operation, 0},
    {"getSecurebits", &mayexec_get_securebits_operation, 0},
    {"setSecurebits", &mayexec_set_securebits_operation, 0},
    {"userNamespace", &mayexec_user_namespace_operation, 0},
    {"isEnforced", &mayexec_is_enforced_operation, 0},
    {"enforce", &mayexec_enforce_operation, 0},
    {"programFile", &mayexec_program_file_operation, 0},
    {"addonsAreClosed", &mayexec_addons_are_closed_operation, 0},
    {"closeAddons", &mayexec_close_addons_operation, 0},
    {"landlockAbi", &mayexec_landlock_abi_operation, 0},
    {"landlockRestrictExec", &mayexec_landlock_operation, 0},
    {"loadedLibraries", &mayexec_loaded_libraries_operation, 0},
    {"libraryPath", &mayexec_library_path_operation, 0},
    {"execute", &mayexec_execute_operation, 0},
    {"datagramConnect", &mayexec_datagram_operation, 0},
    {"inheritFd", &mayexec_inherit_fd_operation, 0},
    {"isFirstTime", &mayexec_first_time_operation, 0},
    {"listDirectory", &mayexec_list_directory_operation, 0},
    {"checkNames", &mayexec_check_names_operation, 1},
    {"lockFile", &mayexec_lock_file_operation, 0},
    {"sha256", &mayexec_sha256_operation, 0},
    {"imageFind", &mayexec_image_find_operation, 0},
    {"imageRead", &mayexec_image_read_operation, 0},
    {"imageIsSource", &mayexec_image_is_source_operation, 0},
};

static void delete_instance(napi_env, void *data, void *) {
  auto *instance = static_cast<struct mayexec_instance *>(data);
  for (size_t i = 0; i < instance->fd_count; i++) (void)close(instance->fds[i]);
  free(instance->fds);
  mayexec_checker_close(instance->checker);
  free(instance);
}

/* An addon without functions means that setup failed. The loader reports that. */
static Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  auto *instance = static_cast<struct mayexec_instance *>(calloc(1, sizeof(mayexec_instance)));
  if (instance == nullptr) return exports;
  if (mayexec_checker_open(&instance->checker) != 0) {
    free(instance);
    return exports;
  }
  mayexec_try_calls();
  mayexec_note_stdin();
  /* Napi::Env::SetInstanceData aborts the process when an ending Worker refuses the call. */
  if (napi_set_instance_data(env, instance, delete_instance, nullptr) != napi_ok) {
    delete_instance(env, instance, nullptr);
    return exports;
  }
  mayexec_export_all(env, exports, table, sizeof table / sizeof table[0]);
  return exports;
}

NODE_API_MODULE(mayexec, initialize)
