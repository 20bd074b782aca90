#ifndef MAYEXEC_FIRST_LINE_H
#define MAYEXEC_FIRST_LINE_H

#include <stddef.h>

/* The number of bytes that the kernel reads to find out how to execute a file. */
enum { MAYEXEC_FIRST_LINE = 256 };

/*
 * The interpreter and the argument in the first line of a script: execve(2). The argument may be
 * empty.
 */
struct mayexec_first_line {
  char interpreter[MAYEXEC_FIRST_LINE];
  char argument[MAYEXEC_FIRST_LINE];
};

/* Reads the beginning of a file as the kernel does. 1, or 0 when it names no interpreter. */
int mayexec_parse_first_line(const char *bytes, size_t size, struct mayexec_first_line *out);

#endif
