#ifndef MAYEXEC_ADDON_CALL_H
#define MAYEXEC_ADDON_CALL_H

#include <node_api.h>
#include <stddef.h>

#include "checker.h"

/* What belongs to one JavaScript thread. */
struct mayexec_instance {
  struct mayexec_checker *checker;
  /* Fds that JavaScript closes through us: a Worker that is terminated does not. */
  int *fds;
  size_t fd_count;
  size_t fd_room;
};

/* From here on the instance closes it when the thread ends. Without memory nobody does. */
void mayexec_own(struct mayexec_instance *instance, int fd);
/* 1 when it was the instance's: from here on the caller closes it. */
int mayexec_disown(struct mayexec_instance *instance, int fd);

enum { MAYEXEC_MOST_ARGUMENTS = 5 };

/* One call from JavaScript. Each operation has a struct of its own that begins with it. */
struct mayexec_call {
  const struct mayexec_operation *operation;
  struct mayexec_instance *instance;
  enum mayexec_asker asker; /* MAYEXEC_RESERVED when it is answered by a promise */
  int result;
  napi_deferred deferred;
  napi_async_work work;
};

/*
 * What JavaScript can have done: by a function that answers at once, or by one that
 * answers with a promise and runs in libuv's pool.
 */
struct mayexec_operation {
  /* Of its struct, or 0 when that is struct mayexec_call. */
  size_t size;
  /* Takes the arguments, those left out being undefined. 0, or -errno: then nothing is run. */
  int (*parse)(napi_env env, const napi_value *arguments, struct mayexec_call *call);
  /* On any thread. NULL when there is nothing left to do. */
  void (*run)(struct mayexec_call *call);
  /* The value, or NULL when JavaScript cannot be given it. Without it, the result. */
  napi_value (*deliver)(napi_env env, struct mayexec_call *call);
  /* Lets go of what the call still holds. */
  void (*release)(napi_env env, struct mayexec_call *call);
  /* It makes exec checks, so the pool's thread needs a lane. */
  int checks;
};

struct mayexec_export {
  const char *name;
  const struct mayexec_operation *operation;
  int promise;
};

/* Adds the functions to the module's exports. One that cannot be added ends it. */
void mayexec_export_all(napi_env env, napi_value exports, const struct mayexec_export *table,
                        size_t count);

#endif
