/* The ELF notes of a loaded object, among which the copies of the addon find each other. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "input.h"
#include "restrictions.c"

/* The address of our own note would be another's business. */
static bool has_own_note(const uint8_t *data, size_t size) {
  for (size_t i = 0; i + sizeof NOTE_NAME <= size; i++)
    if (memcmp(data + i, NOTE_NAME, sizeof NOTE_NAME) == 0) return true;
  return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1 || has_own_note(data, size)) return 0;
  void *notes = malloc(size);
  MUST(notes != NULL);
  memcpy(notes, data + 1, size - 1);
  ElfW(Phdr)
      segment = {.p_type = PT_NOTE, .p_align = data[0] % 2 == 0 ? 4 : 8, .p_memsz = size - 1};
  struct dl_phdr_info object = {
      .dlpi_addr = (ElfW(Addr))notes, .dlpi_phdr = &segment, .dlpi_phnum = 1};
  MUST(count_in_object(&object, sizeof object, NULL) == 0);
  free(notes);
  return 0;
}
