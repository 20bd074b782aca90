#ifndef MAYEXEC_RUN_STATUS_H
#define MAYEXEC_RUN_STATUS_H

/* The exit status when no command was started: docs/cli.md. */
enum {
  STATUS_FAILURE = 2,
  STATUS_UNSUPPORTED = 3,
  /* As in a shell: the command cannot be executed, or there is no such command. */
  STATUS_CANNOT_EXECUTE = 126,
  STATUS_NOT_FOUND = 127,
};

/* The result of a function that has printed why the command is not started. */
enum { REFUSED = 1 };

#endif
