#ifndef MAYEXEC_ADDON_OPERATIONS_H
#define MAYEXEC_ADDON_OPERATIONS_H

#include "addon_call.h"

/* All operations that addon.cc exports. */
extern const struct mayexec_operation mayexec_openat2_operation, mayexec_openat2_probe_operation,
    mayexec_clip_os_open_operation, mayexec_open_code_operation, mayexec_read_file_operation,
    mayexec_disown_operation, mayexec_move_fd_operation, mayexec_close_owned_operation;

extern const struct mayexec_operation mayexec_check_operation, mayexec_check_probe_operation,
    mayexec_exec_access_operation, mayexec_mode_grants_operation, mayexec_noexec_mount_operation,
    mayexec_get_securebits_operation, mayexec_set_securebits_operation,
    mayexec_is_enforced_operation, mayexec_enforce_operation, mayexec_addons_are_closed_operation,
    mayexec_close_addons_operation, mayexec_landlock_abi_operation, mayexec_landlock_operation,
    mayexec_execute_operation, mayexec_datagram_operation, mayexec_program_file_operation,
    mayexec_loaded_libraries_operation, mayexec_library_path_operation,
    mayexec_user_namespace_operation;

extern const struct mayexec_operation mayexec_list_directory_operation,
    mayexec_check_names_operation, mayexec_lock_file_operation, mayexec_file_mode_operation,
    mayexec_file_identity_operation, mayexec_kernel_file_operation, mayexec_first_time_operation,
    mayexec_inherit_fd_operation;

extern const struct mayexec_operation mayexec_sha256_operation, mayexec_image_find_operation,
    mayexec_image_read_operation, mayexec_image_is_source_operation;

#endif
