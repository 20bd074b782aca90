#ifndef MAYEXEC_ADDON_CALL_H
#define MAYEXEC_ADDON_CALL_H

#include <limits.h>
#include <node_api.h>
#include <stddef.h>

#include "checker.h"

/* What belongs to one JavaScript thread. */
struct mayexec_instance {
  struct mayexec_checker *checker;
  /* Fds that JavaScript closes through us, because a terminated Worker closes none itself. */
  int *fds;
  size_t fd_count;
  size_t fd_room;
};

/* The instance now closes the fd when the thread ends. Without memory nothing closes it. */
void mayexec_own(struct mayexec_instance *instance, int fd);
/* 1 when the instance owned the fd. The caller closes it from now on. */
int mayexec_disown(struct mayexec_instance *instance, int fd);

enum {
  MAYEXEC_MOST_ARGUMENTS = 5,
  /* No operation's struct is larger: one that answers at once lives on the stack. */
  MAYEXEC_LARGEST_CALL = 2 * PATH_MAX,
};

/* One call from JavaScript. The struct of each operation begins with it. */
struct mayexec_call {
  const struct mayexec_operation *operation;
  struct mayexec_instance *instance;
  enum mayexec_asker asker; /* MAYEXEC_RESERVED when it is answered by a promise */
  int result;
  napi_deferred deferred;
  napi_async_work work;
};

/*
 * An operation that JavaScript can call: a function that answers at once, or one that
 * returns a promise and runs in libuv's pool.
 */
struct mayexec_operation {
  /* The size of its struct, or 0 when that is struct mayexec_call. */
  size_t size;
  /* Reads the arguments. Omitted ones are undefined. 0, or -errno: then nothing is run. */
  int (*parse)(napi_env env, const napi_value *arguments, struct mayexec_call *call);
  /* In the place of parse: a function of nothing, or of one number, that returns the result. */
  int (*of_nothing)(void);
  int (*of_number)(int);
  /* Runs on any thread. NULL when there is nothing left to do. */
  void (*run)(struct mayexec_call *call);
  /*
   * The value, or NULL when JavaScript cannot receive one. When this is NULL, the result is
   * the value.
   */
  napi_value (*deliver)(napi_env env, struct mayexec_call *call);
  /* Frees what the call still holds. */
  void (*release)(napi_env env, struct mayexec_call *call);
  /* The operation makes exec checks, so the pool's thread needs a lane. */
  int checks;
  /* The bytes at the end of its struct that parse fills. All others begin as zero. */
  size_t unset;
};

struct mayexec_export {
  const char *name;
  const struct mayexec_operation *operation;
  int promise;
};

/* Adds the functions to the module's exports. Stops at the first one that cannot be added. */
void mayexec_export_all(napi_env env, napi_value exports, const struct mayexec_export *table,
                        size_t count);

#endif
