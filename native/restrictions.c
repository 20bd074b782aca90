#define _GNU_SOURCE
#include "restrictions.h"

#include <link.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Not static, since the assembler names it. Hidden, since it belongs to this copy alone. */
__attribute__((visibility("hidden"), used)) _Atomic unsigned mayexec_restriction_counter;

/*
 * The copies find each other by an ELF note, whatever their file names and whatever libc
 * does with symbols. The note holds the distance from itself to the counter. Its type is
 * the version of this agreement.
 */
#define NOTE_NAME "mayexec"
enum { NOTE_TYPE = 1 };
__asm__(
    ".pushsection .note.mayexec, \"a\", %note\n"
    ".balign 4\n"
    ".long 8, 4, 1\n"
    ".asciz \"" NOTE_NAME
    "\"\n"
    ".long mayexec_restriction_counter - .\n"
    ".popsection\n");

struct note {
  uint32_t name_size;
  uint32_t size;
  uint32_t type;
  char name[sizeof NOTE_NAME];
  int32_t distance;
};
_Static_assert(sizeof(struct note) == 24,
               "an ELF note with a name of 8 bytes and 4 bytes of content");

static size_t padded(size_t size, size_t align) { return (size + align - 1) & ~(align - 1); }

static void count_in_note(const unsigned char *at) {
  struct note note;
  memcpy(&note, at, sizeof note);
  if (note.type != NOTE_TYPE || note.size != sizeof note.distance ||
      note.name_size != sizeof note.name || memcmp(note.name, NOTE_NAME, sizeof note.name) != 0)
    return;
  const unsigned char *counter = at + offsetof(struct note, distance) + note.distance;
  /* NOLINTNEXTLINE(performance-no-int-to-ptr): the note is read-only, what it leads to is not. */
  atomic_fetch_add((_Atomic unsigned *)(uintptr_t)counter, 1);
}

static int count_in_object(struct dl_phdr_info *object, size_t size, void *unused) {
  (void)size;
  (void)unused;
  for (size_t i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
    if (segment->p_type != PT_NOTE) continue;
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives numbers. */
    const unsigned char *notes = (const unsigned char *)(object->dlpi_addr + segment->p_vaddr);
    const size_t align = segment->p_align == 8 ? 8 : 4;
    for (size_t at = 0; at + sizeof(struct note) <= segment->p_memsz;) {
      uint32_t sizes[2];
      memcpy(sizes, notes + at, sizeof sizes);
      count_in_note(notes + at);
      at += padded(3 * sizeof(uint32_t) + padded(sizes[0], align) + sizes[1], align);
    }
  }
  return 0;
}

unsigned mayexec_restrictions(void) { return atomic_load(&mayexec_restriction_counter); }

void mayexec_count_restriction(void) { (void)dl_iterate_phdr(count_in_object, NULL); }
