#ifndef MAYEXEC_RUN_UTF8_H
#define MAYEXEC_RUN_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* In the place of a character where the bytes are no UTF-8. It is no code point. */
enum { NO_CHARACTER = 0x110000 };

/*
 * The character at this place of a text that ends with a NUL, and its length in bytes. A byte that
 * begins none has the length 1.
 */
unsigned character_at(const char *at, size_t *length);

/* Whether a text is UTF-8. Node reads other bytes as U+FFFD, and so takes one name for another. */
bool is_utf8(const char *text);

#endif
