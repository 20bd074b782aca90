#ifndef MAYEXEC_FIRST_TIME_H
#define MAYEXEC_FIRST_TIME_H

/*
 * Whether this text is asked about for the first time in the process, on whichever thread.
 * Texts are told apart by a hash of 64 bits; once many thousands are known, each is a first.
 */
int mayexec_is_first_time(const char *text);

#endif
