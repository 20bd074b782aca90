/* The operations on what may be executed: checks, facts about files, and the policy. */
#include <errno.h>
#include <stdlib.h>

#include "addon_operations.h"
#include "addon_values.h"
#include "closed_addons.h"
#include "enforced.h"
#include "exec_check.h"
#include "file_facts.h"
#include "landlock.h"
#include "mode_bits.h"
#include "restrictions.h"
#include "securebits.h"
#include "user_namespace.h"

struct check_call {
  struct mayexec_call call;
  int fd;
  char name[PATH_MAX];
};

/* check(fd, name): 0, or mayexec_checker_check's error */
static int parse_check(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  struct check_call *c = (struct check_call *)call;
  if (mayexec_get_int(env, arguments[0], &c->fd) != 0) return -EINVAL;
  return mayexec_get_path(env, arguments[1], c->name);
}

static void run_check(struct mayexec_call *call) {
  struct check_call *c = (struct check_call *)call;
  call->result = mayexec_checker_check(call->instance->checker, call->asker, c->fd, c->name);
}

const struct mayexec_operation mayexec_check_operation = {.size = sizeof(struct check_call),
                                                          .unset = PATH_MAX,
                                                          .parse = parse_check,
                                                          .run = run_check,
                                                          .checks = 1};

const struct mayexec_operation
    mayexec_check_probe_operation = {.of_nothing = mayexec_exec_check_probe},
    mayexec_file_mode_operation = {.of_number = mayexec_file_mode},
    mayexec_exec_access_operation = {.of_number = mayexec_exec_access},
    mayexec_mode_grants_operation = {.of_number = mayexec_mode_grants},
    mayexec_noexec_mount_operation = {.of_number = mayexec_on_noexec_mount},
    mayexec_kernel_file_operation = {.of_number = mayexec_kernel_file},
    mayexec_get_securebits_operation = {.of_nothing = mayexec_get_securebits},
    mayexec_is_enforced_operation = {.of_nothing = mayexec_is_enforced},
    mayexec_addons_are_closed_operation = {.of_nothing = mayexec_addons_are_closed},
    mayexec_landlock_abi_operation = {.of_nothing = mayexec_landlock_abi};

static int set_securebits(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  (void)call;
  int bits = 0;
  if (mayexec_get_int(env, arguments[0], &bits) != 0) return -EINVAL;
  return mayexec_set_securebits((unsigned)bits);
}

const struct mayexec_operation mayexec_set_securebits_operation = {.parse = set_securebits};

enum { NAME = MAYEXEC_FILE_IDENTITY };
_Static_assert((int)MAYEXEC_USER_NAMESPACE <= (int)NAME, "both names fit");

struct name_call {
  struct mayexec_call call;
  char name[NAME];
};

static int user_namespace(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  (void)env, (void)arguments;
  return mayexec_user_namespace(((struct name_call *)call)->name);
}

static napi_value deliver_name(napi_env env, struct mayexec_call *call) {
  if (call->result < 0) return mayexec_integer(env, call->result);
  const char *name = ((struct name_call *)call)->name;
  napi_value value = NULL;
  napi_status status = napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &value);
  return status == napi_ok ? value : NULL;
}

/* userNamespace(): its name, or -errno */
const struct mayexec_operation mayexec_user_namespace_operation = {
    .size = sizeof(struct name_call), .parse = user_namespace, .deliver = deliver_name};

static int file_identity(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  int fd = -1;
  if (mayexec_get_int(env, arguments[0], &fd) != 0) return -EINVAL;
  return mayexec_file_identity(fd, ((struct name_call *)call)->name);
}

/* fileIdentity(fd): its device and inode numbers, or -errno */
const struct mayexec_operation mayexec_file_identity_operation = {
    .size = sizeof(struct name_call), .parse = file_identity, .deliver = deliver_name};

static int enforce(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  (void)env, (void)arguments, (void)call;
  mayexec_enforce();
  return 0;
}

const struct mayexec_operation mayexec_enforce_operation = {.parse = enforce};

static int close_addons(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  (void)env, (void)arguments, (void)call;
  mayexec_close_addons();
  return 0;
}

const struct mayexec_operation mayexec_close_addons_operation = {.parse = close_addons};

/* landlockRestrictExec(root, fds): mayexec_landlock_restrict_exec's bits */
static int restrict_exec(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  int root = -1;
  int *fds = NULL;
  size_t count = 0;
  int result = mayexec_get_int(env, arguments[0], &root);
  if (result == 0) result = mayexec_get_ints(env, arguments[1], &fds, &count);
  if (result == 0) result = mayexec_landlock_restrict_exec(root, fds, count);
  free(fds);
  if (result < 0) return result;
  mayexec_count_restriction();
  mayexec_checker_renew(call->instance->checker);
  return result;
}

const struct mayexec_operation mayexec_landlock_operation = {.parse = restrict_exec};
