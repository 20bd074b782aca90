#ifndef MAYEXEC_ADDON_TREE_H
#define MAYEXEC_ADDON_TREE_H

#include <node_api.h>

void mayexec_add_tree(napi_env env, napi_value exports);

#endif
