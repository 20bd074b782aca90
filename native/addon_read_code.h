#ifndef MAYEXEC_ADDON_READ_CODE_H
#define MAYEXEC_ADDON_READ_CODE_H

#include <napi.h>

/* Adds readCodeSync, with which the preload loads a module. */
void AddReadCode(napi_env env, napi_value exports);

#endif
