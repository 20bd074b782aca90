#ifndef MAYEXEC_ADDON_TREE_H
#define MAYEXEC_ADDON_TREE_H

#include <napi.h>

/* Adds treeWalk, treeTake and treeProgress, the JavaScript side of tree.h. */
void AddTree(napi_env env, napi_value exports);

#endif
