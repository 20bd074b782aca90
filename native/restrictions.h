#ifndef MAYEXEC_RESTRICTIONS_H
#define MAYEXEC_RESTRICTIONS_H

/*
 * How often the threads of this process have been restricted by Landlock.
 *
 * The preload, the package and a second installation of it are copies of this
 * addon in one process, and each has checker threads. When one copy restricts its
 * thread, the others' checker threads of that thread keep their freedom, and no
 * system call tells. So each copy has a counter, which the others find.
 */
unsigned mayexec_restrictions(void);

/* Counts one more in every copy. After the restriction. */
void mayexec_count_restriction(void);

#endif
