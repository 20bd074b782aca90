#define _GNU_SOURCE
#include "program_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "file_status.h"
#include "lease.h"

/* Whether any user could execute it. Opening a device or a fifo would have side effects. */
static bool is_executable(const struct stat *status) {
  return S_ISREG(status->st_mode) && (status->st_mode & 0111) != 0;
}

static void read_elf(int fd, uint64_t size, struct mayexec_program_file *out) {
  struct mayexec_elf elf;
  if (!mayexec_elf_open(fd, size, &elf)) return;
  out->node = mayexec_node_file(&elf, &out->is_old_node);
  if (!mayexec_elf_interpreter(&elf, out->loader, sizeof out->loader)) out->loader[0] = '\0';
}

static int examine_open(int fd, struct mayexec_program_file *out) {
  struct stat status;
  if (mayexec_fstat(fd, &status) != 0) return -errno;
  if (!is_executable(&status)) return -EACCES;
  char start[MAYEXEC_FIRST_LINE];
  ssize_t length;
  do length = pread(fd, start, sizeof start, 0);
  while (length < 0 && errno == EINTR);
  if (length < 0) return -errno;
  out->is_script = mayexec_parse_first_line(start, (size_t)length, &out->line) == 1;
  read_elf(fd, (uint64_t)status.st_size, out);
  return 0;
}

int mayexec_examine(const char *path, struct mayexec_program_file *out) {
  *out = (struct mayexec_program_file){0};
  struct stat status;
  if (mayexec_fstatat(AT_FDCWD, path, &status, 0) != 0) return -errno;
  if (!is_executable(&status)) return -EACCES;
  /* Without O_NONBLOCK the open would wait if a fifo has replaced the file. */
  const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  int fd = open(path, flags);
  for (long wait_ns = 0; fd < 0 && errno == EAGAIN; fd = open(path, flags))
    mayexec_await_lease(&wait_ns);
  if (fd < 0) {
    out->is_unreadable = errno == EACCES || errno == EPERM;
    return out->is_unreadable ? 0 : -errno;
  }
  int error = examine_open(fd, out);
  (void)close(fd);
  return error;
}
