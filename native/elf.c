#define _GNU_SOURCE
#include "elf.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

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

static const struct layout *layout_of(struct mayexec_elf *elf) {
  return elf->is_wide ? &wide : &narrow;
}

/* Windows begin at multiples of it, so that the next number is in the same one. */
enum { STEP = 512 };

/* Reads the window that begins there. What cannot be read is missing. */
static void move_window(struct mayexec_elf *elf, uint64_t at) {
  elf->at = at;
  elf->held = 0;
  while (elf->held < sizeof elf->window) {
    const ssize_t got = pread(elf->fd, elf->window + elf->held, sizeof elf->window - elf->held,
                              (off_t)(at + elf->held));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    elf->held += (size_t)got;
  }
}

/* So many bytes at an offset, which are valid until the next call. A null pointer beyond the end.
 */
static const unsigned char *bytes_at(struct mayexec_elf *elf, uint64_t offset, size_t length) {
  if (offset > elf->size || length > elf->size - offset || length > sizeof elf->window - STEP)
    return NULL;
  if (offset < elf->at || offset + length > elf->at + elf->held)
    move_window(elf, offset - offset % STEP);
  const uint64_t from = offset - elf->at;
  return from + length > elf->held ? NULL : elf->window + from;
}

bool mayexec_elf_open(int fd, uint64_t size, struct mayexec_elf *out) {
  *out = (struct mayexec_elf){.fd = fd, .size = size};
  const unsigned char *bytes = bytes_at(out, 0, HEADER);
  if (bytes == NULL || memcmp(bytes, "\177ELF", 4) != 0) return false;
  out->is_wide = bytes[CLASS] == CLASS_64;
  out->is_little = bytes[DATA] == DATA_LITTLE;
  return true;
}

uint64_t mayexec_elf_number(struct mayexec_elf *elf, uint64_t offset, unsigned size) {
  const unsigned char *bytes = bytes_at(elf, offset, size);
  if (bytes == NULL) return 0;
  uint64_t number = 0;
  for (unsigned i = 0; i < size; i++) {
    unsigned byte = bytes[elf->is_little ? size - 1 - i : i];
    number = number << 8 | byte;
  }
  return number;
}

uint64_t mayexec_elf_word(struct mayexec_elf *elf, uint64_t offset) {
  return mayexec_elf_number(elf, offset, elf->is_wide ? 8 : 4);
}

bool mayexec_elf_string(struct mayexec_elf *elf, uint64_t offset, char *to, size_t room) {
  for (size_t i = 0; i < room; i++) {
    const unsigned char *byte = bytes_at(elf, offset + i, 1);
    if (byte == NULL) return false;
    to[i] = (char)*byte;
    if (*byte == '\0') return true;
  }
  return false;
}

bool mayexec_elf_holds(struct mayexec_elf *elf, uint64_t offset, const char *bytes, size_t length) {
  const unsigned char *found = bytes_at(elf, offset, length);
  return found != NULL && memcmp(found, bytes, length) == 0;
}

bool mayexec_elf_segment(struct mayexec_elf *elf, unsigned index, struct mayexec_segment *out) {
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

bool mayexec_elf_offset(struct mayexec_elf *elf, uint64_t address, uint64_t *offset) {
  struct mayexec_segment segment;
  for (unsigned i = 0; mayexec_elf_segment(elf, i, &segment); i++) {
    if (segment.type != SEGMENT_LOAD || address < segment.address) continue;
    if (address - segment.address >= segment.length) continue;
    *offset = segment.offset + (address - segment.address);
    return true;
  }
  return false;
}

bool mayexec_elf_interpreter(struct mayexec_elf *elf, char *to, size_t room) {
  struct mayexec_segment segment;
  for (unsigned i = 0; mayexec_elf_segment(elf, i, &segment); i++)
    if (segment.type == SEGMENT_INTERPRETER)
      return mayexec_elf_string(elf, segment.offset, to, room);
  return false;
}
