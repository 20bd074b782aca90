#ifndef MAYEXEC_ELF_H
#define MAYEXEC_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A program file in memory, of either word size and byte order; elf(5). */
struct mayexec_elf {
  const unsigned char *bytes;
  uint64_t size;
  bool is_wide;
  bool is_little;
};

struct mayexec_segment {
  uint32_t type;
  uint64_t offset;
  uint64_t address;
  uint64_t length;
};

enum { SEGMENT_LOAD = 1, SEGMENT_DYNAMIC = 2, SEGMENT_INTERPRETER = 3, SEGMENT_NOTE = 4 };

/* False when these bytes are not an ELF file. */
bool mayexec_elf_open(const unsigned char *bytes, uint64_t size, struct mayexec_elf *out);

/* The number of this size at an offset. 0 beyond the end of the file. */
uint64_t mayexec_elf_number(const struct mayexec_elf *elf, uint64_t offset, unsigned size);
/* A number with the size of an address. */
uint64_t mayexec_elf_word(const struct mayexec_elf *elf, uint64_t offset);

/* The string that begins there, or a null pointer when it does not end in the file. */
const char *mayexec_elf_string(const struct mayexec_elf *elf, uint64_t offset);

/* Whether these bytes are at an offset. The time does not depend on the file. */
bool mayexec_elf_holds(const struct mayexec_elf *elf, uint64_t offset, const char *bytes,
                       size_t length);

/* The segment with this index. False when there are fewer segments. */
bool mayexec_elf_segment(const struct mayexec_elf *elf, unsigned index,
                         struct mayexec_segment *out);

/* The offset of an address in the file. False when the file does not contain it. */
bool mayexec_elf_offset(const struct mayexec_elf *elf, uint64_t address, uint64_t *offset);

/* The dynamic loader that execve(2) executes with the program, or a null pointer. */
const char *mayexec_elf_interpreter(const struct mayexec_elf *elf);

#endif
