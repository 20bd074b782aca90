#ifndef MAYEXEC_NODE_FILE_H
#define MAYEXEC_NODE_FILE_H

#include "elf.h"

enum mayexec_node_file {
  NOT_NODE,
  NODE,
  /* Node with a program of its own in it: a single executable application. */
  NODE_APPLICATION,
};

/*
 * A file of this name that is no Node by its content may be a wrapper that
 * becomes one, or a Node that is linked so that nothing is left to recognise.
 */
bool mayexec_is_named_node(const char *path);

/* Node is known by what it is made of, whatever its name. */
enum mayexec_node_file mayexec_node_file(const struct mayexec_elf *elf);

#endif
