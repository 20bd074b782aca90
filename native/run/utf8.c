#include "utf8.h"

unsigned character_at(const char *at, size_t *length) {
  const unsigned char *bytes = (const unsigned char *)at;
  /* The smallest character for so many further bytes. A longer form of it is no UTF-8. */
  static const unsigned smallest[] = {0, 0x80, 0x800, 0x10000};
  *length = 1;
  if (bytes[0] < 0x80) return bytes[0];
  if (bytes[0] < 0xc0 || bytes[0] > 0xf7) return NO_CHARACTER;
  const size_t more = bytes[0] >= 0xf0 ? 3 : bytes[0] >= 0xe0 ? 2 : 1;
  unsigned code = bytes[0] & (0x3fU >> more);
  for (size_t i = 1; i <= more; i++) {
    if ((bytes[i] & 0xc0) != 0x80) return NO_CHARACTER;
    code = code << 6 | (bytes[i] & 0x3fU);
  }
  const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < smallest[more] || code >= NO_CHARACTER || is_surrogate) return NO_CHARACTER;
  *length = more + 1;
  return code;
}

bool is_utf8(const char *text) {
  for (size_t length; *text != '\0'; text += length)
    if (character_at(text, &length) == NO_CHARACTER) return false;
  return true;
}
