#ifndef MAYEXEC_NODE_CODE_H
#define MAYEXEC_NODE_CODE_H

#include <stddef.h>

/*
 * Which files Node would load as code, as far as the file itself says so; the
 * same rules as in src/cli/packages.ts.
 */

/* By its name: .js .cjs .mjs .node .wasm .ts .cts .mts, but no .d.ts .d.cts .d.mts. */
int mayexec_is_code_name(const char *name, size_t length);

/* Whether a name has an extension: a leading dot makes a hidden file, not one. */
int mayexec_has_extension(const char *name);

/*
 * The length of the part of a directory's path that names the package it is in,
 * by the last node_modules on the way: "a/node_modules/@s/b" of
 * "a/node_modules/@s/b/lib". 0 when it is in none.
 */
size_t mayexec_package_folder(const char *directory);

/* Whether a line is "#!" and one of its words is a path of node: "#!/usr/bin/env node". */
int mayexec_names_node(const char *line, size_t length);

#endif
