#ifndef MAYEXEC_ADDON_LANDLOCK_H
#define MAYEXEC_ADDON_LANDLOCK_H

#include <napi.h>

/* Adds landlockAbi and landlockRestrictExec, the JavaScript side of landlock.h. */
void AddLandlock(napi_env env, napi_value exports);

#endif
