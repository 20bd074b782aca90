#include "elf.h"

#include <string.h>

/* Offsets in the header and in a program header, and the size of the latter, of 32 and 64 bits. */
struct layout {
  unsigned table, entry_size, count;
  unsigned offset, address, length;
  unsigned size;
};
static const struct layout narrow = {28, 42, 44, 4, 8, 16, 32}, wide = {32, 54, 56, 8, 16, 32, 56};

enum { HEADER = 52, CLASS = 4, CLASS_64 = 2, DATA = 5, DATA_LITTLE = 1 };
/* The kernel executes no file with a longer table of segments, or with entries of another size. */
enum { LONGEST_TABLE = 65536 };

static const struct layout *layout_of(const struct mayexec_elf *elf) {
  return elf->is_wide ? &wide : &narrow;
}

bool mayexec_elf_open(const unsigned char *bytes, uint64_t size, struct mayexec_elf *out) {
  if (size < HEADER || memcmp(bytes, "\177ELF", 4) != 0) return false;
  *out = (struct mayexec_elf){.bytes = bytes,
                              .size = size,
                              .is_wide = bytes[CLASS] == CLASS_64,
                              .is_little = bytes[DATA] == DATA_LITTLE};
  return true;
}

uint64_t mayexec_elf_number(const struct mayexec_elf *elf, uint64_t offset, unsigned size) {
  if (offset > elf->size || size > elf->size - offset) return 0;
  uint64_t number = 0;
  for (unsigned i = 0; i < size; i++) {
    unsigned byte = elf->bytes[offset + (elf->is_little ? size - 1 - i : i)];
    number = number << 8 | byte;
  }
  return number;
}

uint64_t mayexec_elf_word(const struct mayexec_elf *elf, uint64_t offset) {
  return mayexec_elf_number(elf, offset, elf->is_wide ? 8 : 4);
}

const char *mayexec_elf_string(const struct mayexec_elf *elf, uint64_t offset) {
  if (offset >= elf->size) return NULL;
  const unsigned char *start = elf->bytes + offset;
  return memchr(start, '\0', elf->size - offset) == NULL ? NULL : (const char *)start;
}

bool mayexec_elf_holds(const struct mayexec_elf *elf, uint64_t offset, const char *bytes,
                       size_t length) {
  return offset <= elf->size && length <= elf->size - offset &&
         memcmp(elf->bytes + offset, bytes, length) == 0;
}

bool mayexec_elf_segment(const struct mayexec_elf *elf, unsigned index,
                         struct mayexec_segment *out) {
  const struct layout *at = layout_of(elf);
  if (index >= mayexec_elf_number(elf, at->count, 2)) return false;
  uint64_t table = mayexec_elf_word(elf, at->table),
           size = mayexec_elf_number(elf, at->entry_size, 2);
  if (size != at->size || (index + 1) * size > LONGEST_TABLE) return false;
  uint64_t header = table + index * size;
  if (header < table || header > elf->size || size > elf->size - header) return false;
  *out = (struct mayexec_segment){.type = (uint32_t)mayexec_elf_number(elf, header, 4),
                                  .offset = mayexec_elf_word(elf, header + at->offset),
                                  .address = mayexec_elf_word(elf, header + at->address),
                                  .length = mayexec_elf_word(elf, header + at->length)};
  return true;
}

bool mayexec_elf_offset(const struct mayexec_elf *elf, uint64_t address, uint64_t *offset) {
  struct mayexec_segment segment;
  for (unsigned i = 0; mayexec_elf_segment(elf, i, &segment); i++) {
    if (segment.type != SEGMENT_LOAD || address < segment.address) continue;
    if (address - segment.address >= segment.length) continue;
    *offset = segment.offset + (address - segment.address);
    return true;
  }
  return false;
}

const char *mayexec_elf_interpreter(const struct mayexec_elf *elf) {
  struct mayexec_segment segment;
  for (unsigned i = 0; mayexec_elf_segment(elf, i, &segment); i++)
    if (segment.type == SEGMENT_INTERPRETER) return mayexec_elf_string(elf, segment.offset);
  return NULL;
}
