#ifndef MAYEXEC_NODE_FILE_H
#define MAYEXEC_NODE_FILE_H

#include "elf.h"

enum mayexec_node_file {
  NOT_NODE,
  NODE,
  /* A single executable application: a Node that contains a program. */
  NODE_APPLICATION,
};

/*
 * A file with this name that does not look like Node may be a wrapper that starts Node, or a Node
 * without recognizable symbols.
 */
bool mayexec_is_named_node(const char *path);

/*
 * Recognizes Node by its content, under any name. `is_old` receives whether it is a Node that would
 * refuse to start with --disable-sigusr1. Where files or interactive code are restricted, the
 * preload starts no program in such a Node.
 */
enum mayexec_node_file mayexec_node_file(struct mayexec_elf *elf, bool *is_old);

#endif
