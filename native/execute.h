#ifndef MAYEXEC_EXECUTE_H
#define MAYEXEC_EXECUTE_H

/*
 * execve(2): the calling process becomes another program. It keeps stdin, stdout and
 * stderr, with no signal blocked and none ignored that Node ignores. Returns only on failure,
 * with -errno.
 */
int mayexec_execute(const char *path, char *const argv[], char *const envp[]);

#endif
