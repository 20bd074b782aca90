#ifndef MAYEXEC_EXECUTE_H
#define MAYEXEC_EXECUTE_H

/*
 * execve(2): the calling process becomes another program, with its own stdin,
 * stdout and stderr, no signal blocked and SIGPIPE at its default. Returns only
 * to say why not, as -errno.
 */
int mayexec_execute(const char *path, char *const argv[], char *const envp[]);

#endif
