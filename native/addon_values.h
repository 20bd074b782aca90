#ifndef MAYEXEC_ADDON_VALUES_H
#define MAYEXEC_ADDON_VALUES_H

#include <limits.h>
#include <napi.h>
#include <stddef.h>
#include <stdint.h>

#include <string>
#include <vector>

/* What goes in and out of JavaScript. Each status is looked at, and nothing is thrown. */

/* nullptr when there can be no value. */
napi_value Integer(napi_env env, int64_t value);

/* Copies a string or a Buffer. 0, or -errno for a path that no kernel would take. */
int GetPath(napi_env env, napi_value value, char (&path)[PATH_MAX]);

bool GetInt(napi_env env, napi_value value, int *result);
bool GetUint64(napi_env env, napi_value value, uint64_t *result);
bool GetStrings(napi_env env, napi_value array, std::vector<std::string> *strings);

struct Export {
  const char *name;
  napi_callback call;
};

/* Adds functions to the module's exports. One that cannot be added ends it. */
void AddFunctions(napi_env env, napi_value exports, const Export *table, size_t count);

#endif
