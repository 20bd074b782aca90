#ifndef MAYEXEC_RUN_STATUS_H
#define MAYEXEC_RUN_STATUS_H

/* What it ends with when no command was started; docs/cli.md. */
enum {
  STATUS_FAILURE = 2,
  STATUS_UNSUPPORTED = 3,
  /* As in a shell: the command cannot be executed, or is not there. */
  STATUS_CANNOT_EXECUTE = 126,
  STATUS_NOT_FOUND = 127,
};

/* Between functions: it has been said why the command is not started. */
enum { REFUSED = 1 };

#endif
