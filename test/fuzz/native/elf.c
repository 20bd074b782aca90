/* An ELF file: its segments, its dynamic loader, and whether it is a Node. */
#include "elf.h"

#include <string.h>

#include "input.h"
#include "node_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct mayexec_elf elf;
  if (!mayexec_elf_open(data, size, &elf)) return 0;
  struct mayexec_segment segment;
  unsigned count = 0;
  while (mayexec_elf_segment(&elf, count, &segment)) count++;
  MUST(count <= UINT16_MAX);
  const char *loader = mayexec_elf_interpreter(&elf);
  if (loader != NULL) MUST(strlen(loader) < size);
  bool is_old;
  (void)mayexec_node_file(&elf, &is_old);
  return 0;
}
