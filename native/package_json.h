#ifndef MAYEXEC_PACKAGE_JSON_H
#define MAYEXEC_PACKAGE_JSON_H

#include <stddef.h>

/*
 * Whether the text of a package.json may make a file code that is not by its
 * name: a `main` or `bin` with another ending, or a "./name" without one in
 * `exports` or `imports`. Says yes too often, never too seldom: the caller, who
 * knows JSON, looks closely (targetsOf in src/cli/packages.ts), and of a thousand
 * manifests needs to look at a few.
 *
 * The text may be anything; what is not JSON names nothing.
 */
int mayexec_may_name_code(const char *text, size_t length);

#endif
