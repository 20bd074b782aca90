#include "node_code.h"

#include <string.h>

static int ends_with(const char *name, size_t length, const char *end) {
  size_t end_length = strlen(end);
  return length > end_length && memcmp(name + length - end_length, end, end_length) == 0;
}

int mayexec_is_code_name(const char *name, size_t length) {
  static const char *const endings[] = {".js", ".cjs", ".mjs", ".node", ".wasm"};
  static const char *const typescript[] = {".ts", ".cts", ".mts"};
  static const char *const declarations[] = {".d.ts", ".d.cts", ".d.mts"};
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
    if (ends_with(name, length, endings[i])) return 1;
  for (size_t i = 0; i < sizeof typescript / sizeof *typescript; i++)
    if (ends_with(name, length, typescript[i])) return !ends_with(name, length, declarations[i]);
  return 0;
}

int mayexec_has_extension(const char *name) {
  return name[0] != '\0' && strchr(name + 1, '.') != NULL;
}

size_t mayexec_package_folder(const char *directory) {
  static const char inside[] = "node_modules/";
  const char *package = NULL;
  for (const char *at = directory; (at = strstr(at, inside)) != NULL;) {
    const int whole = at == directory || at[-1] == '/';
    at += sizeof inside - 1;
    if (whole) package = at;
  }
  if (package == NULL) return 0;
  size_t length = strcspn(package, "/");
  /* A scope is no package. */
  if (package[0] == '@' && package[length] == '/') length += 1 + strcspn(package + length + 1, "/");
  return (size_t)(package - directory) + length;
}

static int is_node(const char *word, size_t length) {
  return (length == 4 && memcmp(word, "node", 4) == 0) ||
         (length == 6 && memcmp(word, "nodejs", 6) == 0);
}

int mayexec_names_node(const char *line, size_t length) {
  if (length < 2 || line[0] != '#' || line[1] != '!') return 0;
  size_t word = 2;
  for (size_t i = 2;; i++) {
    int end = i == length || line[i] == '\n';
    if (end || line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
      if (is_node(line + word, i - word)) return 1;
      word = i + 1;
    } else if (line[i] == '/') {
      word = i + 1;
    }
    if (end) return 0;
  }
}
