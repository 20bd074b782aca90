#ifndef MAYEXEC_ELF_H
#define MAYEXEC_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAYEXEC_ELF_WINDOW = 4096 };

/*
 * An open program file, of either word size and byte order; elf(5). It is read in pieces. A mapping
 * would kill the process by SIGBUS where another one truncates the file.
 */
struct mayexec_elf {
  int fd;
  uint64_t size;
  bool is_wide;
  bool is_little;
  /* The piece that was read last, and its offset. */
  uint64_t at;
  size_t held;
  unsigned char window[MAYEXEC_ELF_WINDOW];
};

struct mayexec_segment {
  uint32_t type;
  uint64_t offset;
  uint64_t address;
  uint64_t length;
};

enum { SEGMENT_LOAD = 1, SEGMENT_DYNAMIC = 2, SEGMENT_INTERPRETER = 3, SEGMENT_NOTE = 4 };

/* False when the file of this size is not an ELF file. */
bool mayexec_elf_open(int fd, uint64_t size, struct mayexec_elf *out);

/* The number of this size at an offset. 0 beyond the end of the file, and where nothing is read. */
uint64_t mayexec_elf_number(struct mayexec_elf *elf, uint64_t offset, unsigned size);
/* A number with the size of an address. */
uint64_t mayexec_elf_word(struct mayexec_elf *elf, uint64_t offset);

/* Copies the string that begins there. False when it does not fit, or does not end in the file. */
bool mayexec_elf_string(struct mayexec_elf *elf, uint64_t offset, char *to, size_t room);

/* Whether these bytes are at an offset. The time does not depend on the file. */
bool mayexec_elf_holds(struct mayexec_elf *elf, uint64_t offset, const char *bytes, size_t length);

/* The segment with this index. False when there are fewer segments. */
bool mayexec_elf_segment(struct mayexec_elf *elf, unsigned index, struct mayexec_segment *out);

/* The offset of an address in the file. False when the file does not contain it. */
bool mayexec_elf_offset(struct mayexec_elf *elf, uint64_t address, uint64_t *offset);

/*
 * Copies the name of the dynamic loader that execve(2) executes with the program. False when there
 * is none.
 */
bool mayexec_elf_interpreter(struct mayexec_elf *elf, char *to, size_t room);

#endif
