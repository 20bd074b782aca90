/* The operations on programs and libraries, and the few other system calls that Node lacks. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "addon_operations.h"
#include "addon_values.h"
#include "datagram.h"
#include "execute.h"
#include "first_time.h"
#include "inherit_fd.h"
#include "loader.h"
#include "program_file.h"

/* execute(path, argv, envp): returns only on failure, with -errno. */
static int execute(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  (void)call;
  char path[PATH_MAX];
  char **argv = NULL;
  char **envp = NULL;
  int result = mayexec_get_path(env, arguments[0], path);
  if (result == 0) result = mayexec_get_strings(env, arguments[1], &argv);
  if (result == 0) result = mayexec_get_strings(env, arguments[2], &envp);
  if (result == 0) result = mayexec_execute(path, argv, envp);
  mayexec_free_strings(argv);
  mayexec_free_strings(envp);
  return result;
}

const struct mayexec_operation mayexec_execute_operation = {.parse = execute};

/* datagramConnect(path): fd, the caller's to close */
static int datagram(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  (void)call;
  char path[PATH_MAX];
  int error = mayexec_get_path(env, arguments[0], path);
  return error == 0 ? mayexec_datagram_connect(path) : error;
}

const struct mayexec_operation mayexec_datagram_operation = {.parse = datagram};

struct program_file_call {
  struct mayexec_call call;
  struct mayexec_program_file file;
};

/* Errors of a name by which nothing can be executed. */
static int unless_absent(int error) {
  switch (error) {
    case -ENOENT:
    case -ENOTDIR:
    case -ELOOP:
    case -ENAMETOOLONG:
    case -EACCES:
    case -EPERM:
      return 0;
    default:
      return error;
  }
}

/* A bit beside those of enum mayexec_node_file. */
enum { OLD_NODE = 4 };

static int program_file(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  char path[PATH_MAX];
  struct mayexec_program_file *file = &((struct program_file_call *)call)->file;
  int error = mayexec_get_path(env, arguments[0], path);
  if (error == 0) error = mayexec_examine(path, file);
  if (error != 0) return unless_absent(error);
  return (int)file->node | (file->is_old_node ? OLD_NODE : 0);
}

static napi_value deliver_program_file(napi_env env, struct mayexec_call *call) {
  const struct mayexec_program_file *file = &((struct program_file_call *)call)->file;
  if (call->result < 0 || !file->is_script) return mayexec_integer(env, call->result);
  char text[2 * MAYEXEC_FIRST_LINE];
  (void)stpcpy(stpcpy(stpcpy(text, file->line.interpreter), "\n"), file->line.argument);
  napi_value value = NULL;
  return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok ? value : NULL;
}

/*
 * programFile(path): "INTERPRETER\nARGUMENT" of a script, enum mayexec_node_file with OLD_NODE, or
 * -errno
 */
const struct mayexec_operation mayexec_program_file_operation = {
    .size = sizeof(struct program_file_call),
    .parse = program_file,
    .deliver = deliver_program_file};

/* isFirstTime(text): 1 or 0 */
static int is_first_time(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  (void)call;
  char text[PATH_MAX];
  int error = mayexec_get_path(env, arguments[0], text);
  return error == 0 ? mayexec_is_first_time(text) : error;
}

const struct mayexec_operation mayexec_first_time_operation = {.parse = is_first_time};

/* inheritFd(fd): another, or the same */
const struct mayexec_operation mayexec_inherit_fd_operation = {.of_number = mayexec_inherit_fd};

struct lines_call {
  struct mayexec_call call;
  char *lines;
};

static int loaded_libraries(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  (void)env, (void)arguments;
  return mayexec_loaded_libraries(&((struct lines_call *)call)->lines);
}

static int library_path(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  (void)env, (void)arguments;
  return mayexec_library_path(&((struct lines_call *)call)->lines);
}

static napi_value deliver_lines(napi_env env, struct mayexec_call *call) {
  const char *lines = ((struct lines_call *)call)->lines;
  napi_value value = NULL;
  if (lines == NULL) return mayexec_integer(env, call->result);
  napi_status status = napi_create_string_utf8(env, lines, NAPI_AUTO_LENGTH, &value);
  return status == napi_ok ? value : NULL;
}

static void release_lines(napi_env env, struct mayexec_call *call) {
  (void)env;
  free(((struct lines_call *)call)->lines);
}

/* loadedLibraries(), libraryPath(): lines, or -errno */
const struct mayexec_operation mayexec_loaded_libraries_operation = {

    .size = sizeof(struct lines_call),
    .parse = loaded_libraries,
    .deliver = deliver_lines,
    .release = release_lines};
const struct mayexec_operation mayexec_library_path_operation = {

    .size = sizeof(struct lines_call),
    .parse = library_path,
    .deliver = deliver_lines,
    .release = release_lines};
