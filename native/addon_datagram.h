#ifndef MAYEXEC_ADDON_DATAGRAM_H
#define MAYEXEC_ADDON_DATAGRAM_H

#include <napi.h>

/* Adds datagramConnect, the JavaScript side of datagram.h. */
void AddDatagram(napi_env env, napi_value exports);

#endif
