#define _GNU_SOURCE
#include "program_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool copy(char to[PATH_MAX], const char *from, size_t length) {
  if (length >= PATH_MAX) return false;
  memcpy(to, from, length);
  to[length] = '\0';
  return true;
}

static void read_elf(const unsigned char *bytes, size_t size, struct program_file *out) {
  struct elf elf;
  if (!elf_open(bytes, size, &elf)) return;
  out->node = node_file(&elf);
  const char *loader = elf_interpreter(&elf);
  if (loader != NULL) (void)copy(out->loader, loader, strlen(loader));
}

static int examine_open(int fd, struct program_file *out) {
  struct stat stat;
  if (fstat(fd, &stat) != 0) return -errno;
  if (!S_ISREG(stat.st_mode)) return -EACCES;
  if (stat.st_size == 0) return 0;
  size_t size = (size_t)stat.st_size;
  void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (bytes == MAP_FAILED) return -errno;
  out->is_script = mayexec_parse_first_line(bytes, size, &out->line) == 1;
  read_elf(bytes, size, out);
  return munmap(bytes, size) == 0 ? 0 : -errno;
}

int examine(const char *path, struct program_file *out) {
  *out = (struct program_file){0};
  /* A fifo would be waited for. */
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) {
    out->is_unreadable = errno == EACCES || errno == EPERM;
    return out->is_unreadable ? 0 : -errno;
  }
  int error = examine_open(fd, out);
  (void)close(fd);
  return error;
}
