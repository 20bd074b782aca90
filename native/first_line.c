#define _GNU_SOURCE
#include "first_line.h"

#include <stdbool.h>
#include <string.h>

static const char *skip_blanks(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t')) at++;
  return at;
}

/* Where a name ends: at a blank, at a NUL, or with the line. */
static const char *end_of_name(const char *at, const char *end) {
  while (at < end && *at != ' ' && *at != '\t' && *at != '\0') at++;
  return at;
}

/* Copies a name as a C string, as the kernel does: it ends at a NUL. */
static void copy(char *to, const char *from, const char *end) {
  const size_t length = strnlen(from, (size_t)(end - from));
  memcpy(to, from, length);
  to[length] = '\0';
}

int mayexec_parse_first_line(const char *bytes, size_t size, struct mayexec_first_line *out) {
  char line[MAYEXEC_FIRST_LINE] = {0};
  memcpy(line, bytes, size < sizeof line ? size : sizeof line);
  if (line[0] != '#' || line[1] != '!') return 0;
  const char *start = line + 2, *end = memchr(line, '\n', sizeof line);
  if (end == NULL) {
    end = line + sizeof line - 1;
    /* The kernel refuses a name that may continue. It may truncate an argument. */
    if (end_of_name(skip_blanks(start, end + 1), end + 1) == end + 1) return 0;
  }
  while (end > start && (end[-1] == ' ' || end[-1] == '\t')) end--;
  const char *name = skip_blanks(start, end);
  if (name == end) return 0;
  const char *behind = end_of_name(name, end);
  copy(out->interpreter, name, behind);
  const bool ends = behind < end && *behind == '\0';
  const char *argument = ends ? end : skip_blanks(behind, end);
  copy(out->argument, argument, end);
  return 1;
}
