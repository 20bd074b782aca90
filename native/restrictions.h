#ifndef MAYEXEC_RESTRICTIONS_H
#define MAYEXEC_RESTRICTIONS_H

/*
 * The number of times that Landlock has restricted threads of this process.
 *
 * The preload, the package and a second installation of it are copies of this addon in one
 * process, each with checker threads. When one copy restricts its JavaScript thread, the
 * other copies' checker threads for it stay unrestricted, and no system call reports that.
 * So each copy has a counter that the others find.
 */
unsigned mayexec_restrictions(void);

/* Adds one to the counter of every copy. Call this after the restriction. */
void mayexec_count_restriction(void);

#endif
