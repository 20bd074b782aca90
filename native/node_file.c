#include "node_file.h"

#include <string.h>

/*
 * node::Start(int, char **), which Node exports for embedders. Deno and Bun, which offer Node's
 * native interface too, do not have it.
 */
static const char START[] = "_ZN4node5StartEiPPc";
/* The library that some distributions split off Node's executable. */
static const char LIBRARY[] = "libnode.so";
/* Since 22.12, so each Node with it that the preload accepts has --disable-sigusr1 (22.14), too. */
static const char RECENT[] = "node_api_create_buffer_from_arraybuffer";
/* The version of the library (NODE_MODULE_VERSION) of Node 22. */
enum { RECENT_LIBRARY = 127 };
/* The note that holds the program of a single executable application. */
static const char APPLICATION[] = "NODE_SEA_BLOB";

enum { NEEDED = 1, HASH = 4, STRINGS = 5, SYMBOLS = 6, GNU_HASH = 0x6ffffef5 };
/* More than any real file has, so that a forged one cannot hold us. */
enum { LONGEST_CHAIN = 1 << 16, MOST_ENTRIES = 1 << 16, MOST_NOTES = 1 << 16 };

/* Offsets in the file, or 0 for missing parts. */
struct dynamic {
  uint64_t table, count;
  uint64_t strings, symbols, gnu_hash, hash;
};

static uint64_t tag_at(struct mayexec_elf *elf, const struct dynamic *dynamic, uint64_t index,
                       uint64_t *value) {
  uint64_t word = elf->is_wide ? 8 : 4;
  uint64_t entry = dynamic->table + index * 2 * word;
  *value = mayexec_elf_word(elf, entry + word);
  return mayexec_elf_word(elf, entry);
}

static bool find_dynamic(struct mayexec_elf *elf, struct dynamic *out) {
  struct mayexec_segment segment;
  unsigned i = 0;
  while (mayexec_elf_segment(elf, i, &segment) && segment.type != SEGMENT_DYNAMIC) i++;
  if (!mayexec_elf_segment(elf, i, &segment) || segment.offset > elf->size) return false;
  uint64_t length = segment.length;
  if (length > elf->size - segment.offset) length = elf->size - segment.offset;
  *out = (struct dynamic){.table = segment.offset, .count = length / (elf->is_wide ? 16 : 8)};
  if (out->count > MOST_ENTRIES) out->count = MOST_ENTRIES;
  for (uint64_t entry = 0; entry < out->count; entry++) {
    uint64_t value, offset;
    uint64_t tag = tag_at(elf, out, entry, &value);
    if (tag == 0) break;
    if (tag != STRINGS && tag != SYMBOLS && tag != GNU_HASH && tag != HASH) continue;
    if (!mayexec_elf_offset(elf, value, &offset)) continue;
    if (tag == STRINGS) out->strings = offset;
    if (tag == SYMBOLS) out->symbols = offset;
    if (tag == GNU_HASH) out->gnu_hash = offset;
    if (tag == HASH) out->hash = offset;
  }
  return out->strings != 0;
}

/* Whether the symbol with this index is defined here and has that name. */
static bool is_symbol(struct mayexec_elf *elf, const struct dynamic *dynamic, uint64_t index,
                      const char *name) {
  uint64_t symbol = dynamic->symbols + index * (elf->is_wide ? 24 : 16);
  uint64_t section = mayexec_elf_number(elf, symbol + (elf->is_wide ? 6 : 14), 2);
  uint64_t found = dynamic->strings + mayexec_elf_number(elf, symbol, 4);
  return section != 0 && mayexec_elf_holds(elf, found, name, strlen(name) + 1);
}

static bool in_gnu_hash(struct mayexec_elf *elf, const struct dynamic *dynamic, const char *name) {
  uint64_t table = dynamic->gnu_hash;
  uint64_t buckets = mayexec_elf_number(elf, table, 4),
           first = mayexec_elf_number(elf, table + 4, 4);
  uint64_t filter = mayexec_elf_number(elf, table + 8, 4) * (elf->is_wide ? 8 : 4);
  if (buckets == 0) return false;
  uint32_t hash = 5381;
  for (const char *at = name; *at != '\0'; at++) hash = hash * 33 + (unsigned char)*at;
  uint64_t bucket = table + 16 + filter, chains = bucket + buckets * 4;
  uint64_t index = mayexec_elf_number(elf, bucket + hash % buckets * 4, 4);
  if (index < first) return false;
  for (int length = 0; length < LONGEST_CHAIN; length++, index++) {
    uint32_t other = (uint32_t)mayexec_elf_number(elf, chains + (index - first) * 4, 4);
    if ((other | 1) == (hash | 1) && is_symbol(elf, dynamic, index, name)) return true;
    if ((other & 1) != 0) break;
  }
  return false;
}

static bool in_hash(struct mayexec_elf *elf, const struct dynamic *dynamic, const char *name) {
  uint64_t table = dynamic->hash, buckets = mayexec_elf_number(elf, table, 4);
  if (buckets == 0) return false;
  uint32_t hash = 0;
  for (const char *at = name; *at != '\0'; at++) {
    hash = (hash << 4) + (unsigned char)*at;
    hash = (hash ^ (hash >> 24 & 0xf0)) & 0x0fffffff;
  }
  uint64_t chains = table + 8 + buckets * 4;
  uint64_t index = mayexec_elf_number(elf, table + 8 + hash % buckets * 4, 4);
  for (int length = 0; length < LONGEST_CHAIN && index != 0; length++) {
    if (is_symbol(elf, dynamic, index, name)) return true;
    index = mayexec_elf_number(elf, chains + index * 4, 4);
  }
  return false;
}

static bool has_symbol(struct mayexec_elf *elf, const struct dynamic *dynamic, const char *name) {
  if (dynamic->symbols == 0) return false;
  return (dynamic->gnu_hash != 0 && in_gnu_hash(elf, dynamic, name)) ||
         (dynamic->hash != 0 && in_hash(elf, dynamic, name));
}

/* The version in the library's name, or 0 when it needs no such library. */
static unsigned needed_library(struct mayexec_elf *elf, const struct dynamic *dynamic) {
  for (uint64_t entry = 0; entry < dynamic->count; entry++) {
    uint64_t value;
    uint64_t tag = tag_at(elf, dynamic, entry, &value);
    if (tag == 0) break;
    if (tag != NEEDED ||
        !mayexec_elf_holds(elf, dynamic->strings + value, LIBRARY, sizeof LIBRARY - 1))
      continue;
    char name[sizeof LIBRARY + 16];
    unsigned version = 0;
    if (mayexec_elf_string(elf, dynamic->strings + value, name, sizeof name) &&
        name[sizeof LIBRARY - 1] == '.')
      for (const char *at = name + sizeof LIBRARY; *at >= '0' && *at <= '9' && version < 1000; at++)
        version = version * 10 + (unsigned)(*at - '0');
    return version == 0 ? RECENT_LIBRARY : version;
  }
  return 0;
}

static bool has_application(struct mayexec_elf *elf) {
  struct mayexec_segment segment;
  int notes = 0;
  for (unsigned i = 0; mayexec_elf_segment(elf, i, &segment); i++) {
    if (segment.type != SEGMENT_NOTE) continue;
    uint64_t end = segment.offset + segment.length;
    for (uint64_t note = segment.offset; note >= segment.offset && note + 12 <= end;) {
      if (notes++ == MOST_NOTES) return false;
      uint64_t name_size = mayexec_elf_number(elf, note, 4),
               size = mayexec_elf_number(elf, note + 4, 4);
      if (name_size == 0 && size == 0) break;
      if (mayexec_elf_holds(elf, note + 12, APPLICATION, sizeof APPLICATION - 1)) return true;
      note += 12 + ((name_size + 3) & ~UINT64_C(3)) + ((size + 3) & ~UINT64_C(3));
    }
  }
  return false;
}

bool mayexec_is_named_node(const char *path) {
  const char *slash = strrchr(path, '/');
  const char *name = slash == NULL ? path : slash + 1;
  return strcmp(name, "node") == 0 || strcmp(name, "nodejs") == 0;
}

enum mayexec_node_file mayexec_node_file(struct mayexec_elf *elf, bool *is_old) {
  struct dynamic dynamic;
  *is_old = false;
  if (!find_dynamic(elf, &dynamic)) return NOT_NODE;
  if (has_symbol(elf, &dynamic, START)) {
    *is_old = !has_symbol(elf, &dynamic, RECENT);
  } else {
    unsigned version = needed_library(elf, &dynamic);
    if (version == 0) return NOT_NODE;
    *is_old = version < RECENT_LIBRARY;
  }
  return has_application(elf) ? NODE_APPLICATION : NODE;
}
