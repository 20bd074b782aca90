/* An ELF file: its segments, its dynamic loader, and whether it is a Node. */
#define _GNU_SOURCE
#include "elf.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "input.h"
#include "node_file.h"

/* One file for all inputs. */
static int file_of(const uint8_t *data, size_t size) {
  static int fd = -1;
  if (fd < 0) fd = memfd_create("input", 0);
  MUST(fd >= 0 && ftruncate(fd, 0) == 0);
  MUST(pwrite(fd, data, size, 0) == (ssize_t)size);
  return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct mayexec_elf elf;
  if (!mayexec_elf_open(file_of(data, size), size, &elf)) return 0;
  struct mayexec_segment segment;
  unsigned count = 0;
  while (mayexec_elf_segment(&elf, count, &segment)) count++;
  MUST(count <= UINT16_MAX);
  char loader[4096];
  if (mayexec_elf_interpreter(&elf, loader, sizeof loader)) MUST(strlen(loader) < size);
  bool is_old;
  (void)mayexec_node_file(&elf, &is_old);
  /* Another process has truncated it. */
  MUST(ftruncate(elf.fd, (off_t)(size / 2)) == 0);
  (void)mayexec_node_file(&elf, &is_old);
  return 0;
}
