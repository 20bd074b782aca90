/* The first line of a script, as the kernel reads it. */
#include "first_line.h"

#include <string.h>

#include "input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct mayexec_first_line line;
  if (mayexec_parse_first_line((const char *)data, size, &line) == 0) return 0;
  MUST(line.interpreter[strcspn(line.interpreter, " \t\n")] == '\0');
  MUST(line.argument[0] != ' ' && line.argument[0] != '\t' && strchr(line.argument, '\n') == NULL);
  MUST(strlen(line.interpreter) + strlen(line.argument) + 2 < MAYEXEC_FIRST_LINE);
  return 0;
}
