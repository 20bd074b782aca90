#include "first_time.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { SLOTS = 1 << 15 };

static _Atomic uint64_t seen[SLOTS];

/* FNV-1a; 0 marks an empty slot. */
static uint64_t hash_of(const char *text) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (; *text != '\0'; text++) hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
  return hash == 0 ? 1 : hash;
}

int mayexec_is_first_time(const char *text) {
  uint64_t hash = hash_of(text);
  for (size_t i = 0; i < SLOTS; i++) {
    uint64_t found = 0;
    if (atomic_compare_exchange_strong(&seen[(hash + i) % SLOTS], &found, hash)) return 1;
    if (found == hash) return 0;
  }
  return 1;
}
