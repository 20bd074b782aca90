#ifndef MAYEXEC_FIRST_TIME_H
#define MAYEXEC_FIRST_TIME_H

/*
 * 1 for the first call with this text in the process, on any thread. Texts are compared by a 64-bit
 * hash. When the table is full, after many thousands, every new text counts as a first.
 */
int mayexec_is_first_time(const char *text);

#endif
