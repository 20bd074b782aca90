#define _GNU_SOURCE
#include "program_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "file_status.h"
#include "lease.h"

static bool copy(char to[PATH_MAX], const char *from, size_t length) {
  if (length >= PATH_MAX) return false;
  memcpy(to, from, length);
  to[length] = '\0';
  return true;
}

/* Whether any user could execute it. Opening a device or a fifo would have side effects. */
static bool is_executable(const struct stat *status) {
  return S_ISREG(status->st_mode) && (status->st_mode & 0111) != 0;
}

static void read_elf(const unsigned char *bytes, size_t size, struct mayexec_program_file *out) {
  struct mayexec_elf elf;
  if (!mayexec_elf_open(bytes, size, &elf)) return;
  out->node = mayexec_node_file(&elf, &out->is_old_node);
  const char *loader = mayexec_elf_interpreter(&elf);
  if (loader != NULL) (void)copy(out->loader, loader, strlen(loader));
}

static int examine_open(int fd, struct mayexec_program_file *out) {
  struct stat status;
  if (mayexec_fstat(fd, &status) != 0) return -errno;
  if (!is_executable(&status)) return -EACCES;
  if (status.st_size == 0) return 0;
  size_t size = (size_t)status.st_size;
  void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (bytes == MAP_FAILED) return -errno;
  out->is_script = mayexec_parse_first_line(bytes, size, &out->line) == 1;
  read_elf(bytes, size, out);
  return munmap(bytes, size) == 0 ? 0 : -errno;
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
