#include "tree_records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

enum { FIRST_CAPACITY = 64 * 1024, RESULT_AT = 8, COUNT_AT = 12, KIND_AT = 16, REASON_AT = 17 };

static void put32(uint8_t *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get32(const uint8_t *at) {
  uint32_t value = 0;
  for (int i = 0; i < 4; i++) value |= (uint32_t)at[i] << (8 * i);
  return value;
}

static int reserve(struct mayexec_tree_records *r, size_t more) {
  if (r->capacity - r->length >= more) return 0;
  size_t capacity = r->capacity == 0 ? FIRST_CAPACITY : r->capacity;
  while (capacity - r->length < more) {
    if (capacity > SIZE_MAX / 2) return -ENOMEM;
    capacity *= 2;
  }
  uint8_t *bytes = realloc(r->bytes, capacity);
  if (bytes == NULL) return -ENOMEM;
  r->bytes = bytes;
  r->capacity = capacity;
  return 0;
}

static int begin(struct mayexec_tree_records *r, int kind, int reason, int result,
                 const char *directory, size_t directory_length, const void *content,
                 size_t content_length, uint32_t count) {
  if (directory_length > UINT32_MAX || content_length > UINT32_MAX) return -EOVERFLOW;
  int error = reserve(r, MAYEXEC_TREE_HEADER + directory_length + content_length);
  if (error != 0) return error;
  uint8_t *at = r->bytes + r->length;
  memset(at, 0, MAYEXEC_TREE_HEADER);
  put32(at, (uint32_t)directory_length);
  put32(at + 4, (uint32_t)content_length);
  put32(at + RESULT_AT, (uint32_t)result);
  put32(at + COUNT_AT, count);
  at[KIND_AT] = (uint8_t)kind;
  at[REASON_AT] = (uint8_t)reason;
  at += MAYEXEC_TREE_HEADER;
  if (directory_length > 0) memcpy(at, directory, directory_length);
  if (content_length > 0) memcpy(at + directory_length, content, content_length);
  r->last = r->length;
  r->length += MAYEXEC_TREE_HEADER + directory_length + content_length;
  return 0;
}

/* Whether the last record says the same of the same folder, and has room for so much more. */
static int continues(const struct mayexec_tree_records *r, int kind, int reason, int result,
                     const char *folder, size_t folder_length, size_t more) {
  if (r->last == SIZE_MAX) return 0;
  const uint8_t *at = r->bytes + r->last;
  return at[KIND_AT] == (uint8_t)kind && at[REASON_AT] == (uint8_t)reason &&
         get32(at + RESULT_AT) == (uint32_t)result && get32(at) == folder_length &&
         (folder_length == 0 || memcmp(at + MAYEXEC_TREE_HEADER, folder, folder_length) == 0) &&
         more <= UINT32_MAX - get32(at + 4);
}

static int append(struct mayexec_tree_records *r, const char *bytes, size_t length) {
  int error = reserve(r, length);
  if (error != 0) return error;
  if (length > 0) memcpy(r->bytes + r->length, bytes, length);
  r->length += length;
  uint8_t *at = r->bytes + r->last;
  put32(at + 4, get32(at + 4) + (uint32_t)length);
  return 0;
}

int mayexec_tree_add_name(struct mayexec_tree_records *r, int kind, int reason, int result,
                          const char *directory, size_t directory_length, size_t folder_length,
                          const char *name) {
  if (name[0] == '\0') {
    r->last = SIZE_MAX;
    int error = begin(r, kind, reason, result, directory, directory_length, NULL, 0, 0);
    r->last = SIZE_MAX;
    return error;
  }
  /* Its path in the folder: what is left of the directory's, and the name. */
  const char *rest = directory + folder_length;
  size_t rest_length = directory_length - folder_length;
  if (rest_length > 0 && folder_length > 0) {
    rest++;
    rest_length--;
  }
  size_t length = strlen(name);
  int error = 0;
  if (continues(r, kind, reason, result, directory, folder_length, rest_length + length + 2)) {
    error = append(r, "", 1);
  } else {
    error = begin(r, kind, reason, result, directory, folder_length, NULL, 0, 0);
  }
  if (error == 0 && rest_length > 0) error = append(r, rest, rest_length);
  if (error == 0 && rest_length > 0) error = append(r, "/", 1);
  if (error == 0) error = append(r, name, length);
  if (error != 0) return error;
  uint8_t *at = r->bytes + r->last;
  put32(at + COUNT_AT, get32(at + COUNT_AT) + 1);
  return 0;
}

int mayexec_tree_add_content(struct mayexec_tree_records *r, int kind, const char *directory,
                             size_t directory_length, const uint8_t *content, size_t length) {
  int error =
      begin(r, kind, MAYEXEC_TREE_NO_REASON, 0, directory, directory_length, content, length, 0);
  r->last = SIZE_MAX;
  return error;
}

int mayexec_tree_join_records(struct mayexec_tree_records *to, struct mayexec_tree_records *from) {
  int error = reserve(to, from->length);
  if (error == 0 && from->length > 0) {
    memcpy(to->bytes + to->length, from->bytes, from->length);
    to->length += from->length;
  }
  mayexec_tree_free_records(from);
  return error;
}

void mayexec_tree_free_records(struct mayexec_tree_records *r) {
  free(r->bytes);
  *r = MAYEXEC_TREE_NO_RECORDS;
}
