#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "../landlock.h"
#include "message.h"
#include "status.h"

static const char WHAT[] = "--allow-exec: ";

static int unsupported(int error) {
  struct utsname kernel;
  const char *release = uname(&kernel) == 0 ? kernel.release : "of unknown version";
  if (error == -EPERM) {
    say(WHAT, "Landlock is refused by a seccomp filter (EPERM): allow the landlock_* calls in it");
  } else if (error == -EOPNOTSUPP) {
    say(WHAT, "Linux ", release, " has Landlock, but it is not enabled (EOPNOTSUPP): ",
        "add landlock to the lsm= boot parameter");
  } else {
    say(WHAT, "Landlock needs Linux 5.13 or newer with CONFIG_SECURITY_LANDLOCK, and this is ",
        release);
  }
  return STATUS_UNSUPPORTED;
}

/* Opens one more path. 0, or the status. */
static int open_path(const char *path, int *fds, size_t *count) {
  int fd = open(path, O_PATH | O_CLOEXEC);
  if (fd < 0) {
    say_error(WHAT, -errno, "open", path);
    return STATUS_FAILURE;
  }
  fds[(*count)++] = fd;
  return 0;
}

static int restrict_to(const struct arguments *arguments, const char *command, const char *loader,
                       int *fds, size_t *count) {
  int status = open_path("/", fds, count);
  for (size_t i = 0; status == 0 && i < arguments->allow_exec_count; i++)
    status = open_path(arguments->allow_exec[i], fds, count);
  if (status == 0) status = open_path(command, fds, count);
  if (status == 0 && loader[0] != '\0') status = open_path(loader, fds, count);
  if (status != 0) return status;
  int result = mayexec_landlock_restrict_exec(fds[0], fds + 1, *count - 1);
  if (result >= 0) return 0;
  if (result == -E2BIG) {
    say(WHAT, "this process already has 16 inherited Landlock restrictions, ",
        "and the kernel takes no more (E2BIG)");
    return STATUS_FAILURE;
  }
  say_error(WHAT, result, "landlock_restrict_self", NULL);
  return STATUS_FAILURE;
}

int confine(const struct arguments *arguments, const char *command, const char *loader) {
  int abi = mayexec_landlock_abi();
  if (abi < 0) return unsupported(abi);
  /* Three more: the root directory, the command and its loader. */
  int *fds = calloc(arguments->allow_exec_count + 3, sizeof *fds);
  if (fds == NULL) {
    say_error(WHAT, -ENOMEM, "calloc", NULL);
    return STATUS_FAILURE;
  }
  size_t count = 0;
  int status = restrict_to(arguments, command, loader, fds, &count);
  for (size_t i = 0; i < count; i++) (void)close(fds[i]);
  free(fds);
  return status;
}
