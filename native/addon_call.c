#include "addon_call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "addon_values.h"

void mayexec_own(struct mayexec_instance *instance, int fd) {
  if (instance->fd_count == instance->fd_room) {
    size_t room = instance->fd_room * 2 + 8;
    int *larger = realloc(instance->fds, room * sizeof *larger);
    if (larger == NULL) return;
    instance->fds = larger;
    instance->fd_room = room;
  }
  instance->fds[instance->fd_count++] = fd;
}

int mayexec_disown(struct mayexec_instance *instance, int fd) {
  for (size_t i = 0; i < instance->fd_count; i++) {
    if (instance->fds[i] != fd) continue;
    instance->fds[i] = instance->fds[--instance->fd_count];
    return 1;
  }
  return 0;
}

static void release(napi_env env, struct mayexec_call *call) {
  if (call->operation->release != NULL) call->operation->release(env, call);
}

static void free_call(napi_env env, struct mayexec_call *call) {
  release(env, call);
  free(call);
}

static napi_value deliver(napi_env env, struct mayexec_call *call) {
  return call->operation->deliver == NULL ? mayexec_integer(env, call->result)
                                          : call->operation->deliver(env, call);
}

static void run(struct mayexec_call *call) {
  if (call->operation->run != NULL) call->operation->run(call);
}

/* One call of an exported function. */
struct asked {
  const struct mayexec_operation *operation;
  struct mayexec_instance *instance;
  size_t size;
  napi_value arguments[MAYEXEC_MOST_ARGUMENTS];
};

static int get_asked(napi_env env, napi_callback_info info, struct asked *asked) {
  size_t count = MAYEXEC_MOST_ARGUMENTS;
  void *data = NULL;
  void *instance = NULL;
  if (napi_get_cb_info(env, info, &count, asked->arguments, NULL, &data) != napi_ok ||
      data == NULL || napi_get_instance_data(env, &instance) != napi_ok || instance == NULL)
    return 0;
  asked->operation = ((const struct mayexec_export *)data)->operation;
  asked->instance = instance;
  asked->size = asked->operation->size == 0 ? sizeof(struct mayexec_call) : asked->operation->size;
  return asked->size <= MAYEXEC_LARGEST_CALL;
}

static int parse(napi_env env, const napi_value *arguments, struct mayexec_call *call) {
  const struct mayexec_operation *operation = call->operation;
  int number = 0;
  if (operation->of_nothing != NULL) return operation->of_nothing();
  if (operation->parse != NULL) return operation->parse(env, arguments, call);
  return mayexec_get_int(env, arguments[0], &number) == 0 ? operation->of_number(number) : -EINVAL;
}

/* Fills in the call. When the arguments are invalid, its result is the error. */
static struct mayexec_call *make_call(napi_env env, const struct asked *asked, void *room,
                                      enum mayexec_asker asker) {
  struct mayexec_call *call = room;
  memset(room, 0, asked->size - asked->operation->unset);
  call->operation = asked->operation;
  call->instance = asked->instance;
  call->asker = asker;
  call->result = parse(env, asked->arguments, call);
  return call;
}

static napi_value answer_now(napi_env env, napi_callback_info info) {
  struct asked asked;
  union {
    max_align_t align;
    char bytes[MAYEXEC_LARGEST_CALL];
  } room;
  if (!get_asked(env, info, &asked)) return NULL;
  struct mayexec_call *call = make_call(env, &asked, &room, MAYEXEC_OWNER);
  if (call->result >= 0) run(call);
  napi_value value = deliver(env, call);
  release(env, call);
  return value;
}

static void run_in_pool(napi_env env, void *data) {
  (void)env;
  run(data);
}

static void reserve(struct mayexec_call *call) {
  if (call->operation->checks) mayexec_checker_reserve(call->instance->checker);
}

static void unreserve(struct mayexec_call *call) {
  if (call->operation->checks) mayexec_checker_unreserve(call->instance->checker);
}

static void complete(napi_env env, napi_status status, void *data) {
  struct mayexec_call *call = data;
  unreserve(call);
  /* Anything but napi_ok: cancelled before it ran. */
  napi_value value = status == napi_ok ? deliver(env, call) : NULL;
  if (value != NULL) (void)napi_resolve_deferred(env, call->deferred, value);
  (void)napi_delete_async_work(env, call->work);
  free_call(env, call);
}

static napi_value answer_later(napi_env env, napi_callback_info info) {
  struct asked asked;
  napi_value promise = NULL;
  napi_value name = NULL;
  if (!get_asked(env, info, &asked)) return NULL;
  void *room = malloc(asked.size);
  if (room == NULL) return NULL;
  struct mayexec_call *call = make_call(env, &asked, room, MAYEXEC_RESERVED);
  if (napi_create_promise(env, &call->deferred, &promise) != napi_ok) {
    free_call(env, call);
    return NULL;
  }
  if (call->result < 0) {
    napi_value value = deliver(env, call);
    if (value != NULL) (void)napi_resolve_deferred(env, call->deferred, value);
    free_call(env, call);
    return promise;
  }
  if (napi_create_string_utf8(env, "mayexec", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_async_work(env, NULL, name, run_in_pool, complete, call, &call->work) !=
          napi_ok) {
    free_call(env, call);
    return NULL;
  }
  reserve(call);
  if (napi_queue_async_work(env, call->work) == napi_ok) return promise;
  unreserve(call);
  (void)napi_delete_async_work(env, call->work);
  free_call(env, call);
  return NULL;
}

void mayexec_export_all(napi_env env, napi_value exports, const struct mayexec_export *table,
                        size_t count) {
  for (size_t i = 0; i < count; i++) {
    napi_value function = NULL;
    if (napi_create_function(env, table[i].name, NAPI_AUTO_LENGTH,
                             table[i].promise ? answer_later : answer_now, (void *)&table[i],
                             &function) != napi_ok ||
        napi_set_named_property(env, exports, table[i].name, function) != napi_ok)
      return;
  }
}
