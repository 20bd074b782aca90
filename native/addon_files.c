/* The operations on files: openat2.h, open_exec.h, read_file.h, and the ownership of fds. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "addon_operations.h"
#include "addon_text.h"
#include "addon_values.h"
#include "clip_os.h"
#include "file_status.h"
#include "open_exec.h"
#include "openat2.h"
#include "read_file.h"
#include "securebits.h"

struct openat2_call {
  struct mayexec_call call;
  int dirfd;
  uint64_t flags, mode, resolve;
  char path[PATH_MAX];
};

/* openat2(dirfd, path, flags, mode, resolve): fd */
static int parse_openat2(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  struct openat2_call *c = (struct openat2_call *)call;
  if (mayexec_get_int(env, arguments[0], &c->dirfd) != 0 ||
      mayexec_get_uint64(env, arguments[2], &c->flags) != 0 ||
      mayexec_get_uint64(env, arguments[3], &c->mode) != 0 ||
      mayexec_get_uint64(env, arguments[4], &c->resolve) != 0)
    return -EINVAL;
  return mayexec_get_path(env, arguments[1], c->path);
}

static void run_openat2(struct mayexec_call *call) {
  struct openat2_call *c = (struct openat2_call *)call;
  call->result = mayexec_openat2(c->dirfd, c->path, c->flags, c->mode, c->resolve);
}

/* An fd that a promise carries is ours until JavaScript has received it. */
static napi_value deliver_openat2(napi_env env, struct mayexec_call *call) {
  napi_value value = mayexec_integer(env, call->result);
  if (call->result < 0) return value;
  if (value == NULL)
    (void)close(call->result);
  else if (call->deferred != NULL)
    mayexec_own(call->instance, call->result);
  return value;
}

const struct mayexec_operation mayexec_openat2_operation = {.size = sizeof(struct openat2_call),
                                                            .unset = PATH_MAX,
                                                            .parse = parse_openat2,
                                                            .run = run_openat2,
                                                            .deliver = deliver_openat2};

/* openat2Probe(dirfd, path, flags, resolve): 0 */
static int parse_probe(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  struct openat2_call *c = (struct openat2_call *)call;
  if (mayexec_get_int(env, arguments[0], &c->dirfd) != 0 ||
      mayexec_get_uint64(env, arguments[2], &c->flags) != 0 ||
      mayexec_get_uint64(env, arguments[3], &c->resolve) != 0)
    return -EINVAL;
  return mayexec_get_path(env, arguments[1], c->path);
}

static void run_probe(struct mayexec_call *call) {
  struct openat2_call *c = (struct openat2_call *)call;
  call->result = mayexec_openat2_probe(c->dirfd, c->path, c->flags, c->resolve);
}

const struct mayexec_operation mayexec_openat2_probe_operation = {
    .size = sizeof(struct openat2_call), .unset = PATH_MAX, .parse = parse_probe, .run = run_probe};

struct clip_os_call {
  struct mayexec_call call;
  int with_flag;
  char path[PATH_MAX];
};

/* clipOsOpen(path, withFlag): 0 */
static int parse_clip_os(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  struct clip_os_call *c = (struct clip_os_call *)call;
  if (mayexec_get_int(env, arguments[1], &c->with_flag) != 0) return -EINVAL;
  return mayexec_get_path(env, arguments[0], c->path);
}

static void run_clip_os(struct mayexec_call *call) {
  struct clip_os_call *c = (struct clip_os_call *)call;
  call->result = mayexec_clip_os_open(c->path, c->with_flag);
}

const struct mayexec_operation mayexec_clip_os_open_operation = {
    .size = sizeof(struct clip_os_call), .parse = parse_clip_os, .run = run_clip_os};

/* The bits of openCode in addition to those of mayexec_open_exec. */
enum {
  AS_TEXT = 1 << 16,         /* a string instead of a Buffer */
  AS_SHORT_TEXT = 1 << 18,   /* the same, but a Buffer for what Node decodes faster */
  CLOSE_WHEN_READ = 1 << 17, /* close the fd after the read */
};
/* Node decodes a longer text faster than Node-API does, when it is more than ASCII. */
enum { SHORT_TEXT = 64 * 1024 };
/* The indexes of what openCode stores in its Int32Array. */
enum { FACT_FD, FACT_CHECK, FACT_SECUREBITS, FACT_MODE, FACT_READ, FACT_STDIN, FACTS };

struct open_code_call {
  struct mayexec_call call;
  /* JavaScript's Int32Array: of a call that answers at once, and of a promise. */
  int32_t *facts;
  napi_ref kept_facts;
  int dirfd, what, securebits;
  uint64_t resolve;
  struct mayexec_opened opened;
  char path[PATH_MAX];
};

/*
 * openCode(dirfd, path, resolve, what, facts): the content, or undefined when none was
 * read.
 *
 * The facts go into a typed array. A program may have put accessors on prototypes, and
 * through them could answer for the kernel.
 */
static int parse_open_code(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  struct open_code_call *c = (struct open_code_call *)call;
  c->opened.fd = -EINVAL;
  c->opened.check = MAYEXEC_NOT_CHECKED;
  c->securebits = mayexec_get_securebits();
  if (mayexec_get_int32_array(env, arguments[4], FACTS, &c->facts) != 0 ||
      (call->asker == MAYEXEC_RESERVED &&
       napi_create_reference(env, arguments[4], 1, &c->kept_facts) != napi_ok) ||
      mayexec_get_int(env, arguments[0], &c->dirfd) != 0 ||
      mayexec_get_uint64(env, arguments[2], &c->resolve) != 0 ||
      mayexec_get_int(env, arguments[3], &c->what) != 0)
    return -EINVAL;
  int error = mayexec_get_path(env, arguments[1], c->path);
  if (error != 0) c->opened.fd = error;
  return error;
}

static void run_open_code(struct mayexec_call *call) {
  struct open_code_call *c = (struct open_code_call *)call;
  mayexec_open_exec(call->instance->checker, call->asker, c->dirfd, c->path, c->resolve, c->what,
                    &c->opened);
}

static napi_value content_of(napi_env env, struct open_code_call *c) {
  if (c->opened.data == NULL) return NULL;
  const size_t size = (size_t)c->opened.length;
  if ((c->what & (AS_TEXT | AS_SHORT_TEXT)) == 0)
    return mayexec_move_to_buffer(env, c->opened.data, size);
  const int is_ascii = mayexec_is_ascii(c->opened.data, size);
  if (!is_ascii && (c->what & AS_TEXT) == 0 && size > SHORT_TEXT)
    return mayexec_move_to_buffer(env, c->opened.data, size);
  return mayexec_move_to_text(env, &c->opened.data, size, is_ascii);
}

/*
 * Bits that were set while the pool was working count too: JavaScript must obey them from
 * now on.
 */
static int securebits_at_end(const struct open_code_call *c) {
  if (c->call.asker == MAYEXEC_OWNER || c->securebits < 0) return c->securebits;
  const int now = mayexec_get_securebits();
  return now < 0 ? now : c->securebits | now;
}

/* The program may have detached the array of a promise meanwhile. */
static int32_t *facts_of(napi_env env, struct open_code_call *c) {
  napi_value array = NULL;
  int32_t *facts = NULL;
  if (c->call.asker == MAYEXEC_OWNER) return c->facts;
  if (c->kept_facts == NULL || napi_get_reference_value(env, c->kept_facts, &array) != napi_ok ||
      mayexec_get_int32_array(env, array, FACTS, &facts) != 0)
    return NULL;
  return facts;
}

static napi_value deliver_open_code(napi_env env, struct mayexec_call *call) {
  struct open_code_call *c = (struct open_code_call *)call;
  napi_value nothing = NULL;
  int32_t *facts = facts_of(env, c);
  if (facts == NULL || napi_get_undefined(env, &nothing) != napi_ok) return NULL;
  napi_value content = content_of(env, c);
  facts[FACT_FD] = c->opened.fd;
  facts[FACT_CHECK] = c->opened.check;
  facts[FACT_SECUREBITS] = securebits_at_end(c);
  facts[FACT_MODE] = (int32_t)c->opened.mode;
  facts[FACT_STDIN] = c->opened.is_stdin;
  facts[FACT_READ] = 0;
  if (c->opened.length < 0) facts[FACT_READ] = (int32_t)c->opened.length;
  /* The content is longer than any JavaScript string, or than its memory. */
  if (c->opened.data != NULL && content == NULL) facts[FACT_READ] = -EFBIG;
  if (c->opened.fd >= 0 && (content == NULL || (c->what & CLOSE_WHEN_READ) == 0)) {
    mayexec_own(call->instance, c->opened.fd);
    c->opened.fd = -1;
  }
  return content == NULL ? nothing : content;
}

static void release_open_code(napi_env env, struct mayexec_call *call) {
  struct open_code_call *c = (struct open_code_call *)call;
  if (c->kept_facts != NULL) (void)napi_delete_reference(env, c->kept_facts);
  if (c->opened.fd >= 0) (void)close(c->opened.fd);
  free(c->opened.data);
}

const struct mayexec_operation mayexec_open_code_operation = {.size = sizeof(struct open_code_call),
                                                              .unset = PATH_MAX,
                                                              .parse = parse_open_code,
                                                              .run = run_open_code,
                                                              .deliver = deliver_open_code,
                                                              .release = release_open_code,
                                                              .checks = 1};

struct read_call {
  struct mayexec_call call;
  int fd;
  int64_t length;
  uint8_t *data;
};

/* readFile(fd): a Buffer, or -errno */
static int parse_read(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  struct read_call *c = (struct read_call *)call;
  c->length = mayexec_get_int(env, arguments[0], &c->fd);
  return (int)c->length;
}

static void run_read(struct mayexec_call *call) {
  struct read_call *c = (struct read_call *)call;
  struct stat st;
  c->length = mayexec_fstat(c->fd, &st) == 0 ? mayexec_read_file(c->fd, &st, &c->data) : -errno;
}

static napi_value deliver_read(napi_env env, struct mayexec_call *call) {
  struct read_call *c = (struct read_call *)call;
  if (c->length < 0) return mayexec_integer(env, c->length);
  napi_value value = mayexec_move_to_buffer(env, c->data, (size_t)c->length);
  return value != NULL ? value : mayexec_integer(env, -ENOMEM);
}

static void release_read(napi_env env, struct mayexec_call *call) {
  (void)env;
  free(((struct read_call *)call)->data);
}

const struct mayexec_operation mayexec_read_file_operation = {.size = sizeof(struct read_call),
                                                              .parse = parse_read,
                                                              .run = run_read,
                                                              .deliver = deliver_read,
                                                              .release = release_read};

/* disown(fd): 1 when we owned it. The caller closes it from now on. */
static int disown(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  int fd = -1;
  if (mayexec_get_int(env, arguments[0], &fd) != 0) return -EINVAL;
  return mayexec_disown(call->instance, fd);
}

const struct mayexec_operation mayexec_disown_operation = {.parse = disown};

/* moveFd(fd, to): the file of fd is under `to` from now on, and belongs to the caller. */
static int move_fd(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  int fd = -1;
  int to = -1;
  if (mayexec_get_int(env, arguments[0], &fd) != 0 || mayexec_get_int(env, arguments[1], &to) != 0)
    return -EINVAL;
  if (dup3(fd, to, O_CLOEXEC) < 0) return -errno;
  (void)mayexec_disown(call->instance, fd);
  (void)close(fd);
  return to;
}

const struct mayexec_operation mayexec_move_fd_operation = {.parse = move_fd};

/* closeOwned(fd): 0, or -EBADF when we do not own it. */
static int close_owned(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  int fd = -1;
  if (mayexec_get_int(env, arguments[0], &fd) != 0 || !mayexec_disown(call->instance, fd))
    return -EBADF;
  return close(fd) == 0 ? 0 : -errno;
}

const struct mayexec_operation mayexec_close_owned_operation = {.parse = close_owned};
