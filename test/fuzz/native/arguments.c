/* mayexec-run's own command line. */
#include "arguments.h"

#include <stdlib.h>

#include "input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct input input;
  input_open(data, size, &input);
  struct arguments arguments;
  int result = parse_arguments((int)input.count, input.words, &arguments);
  if (result == PARSED) {
    MUST(arguments.command[0] != NULL && arguments.command[0][0] != '\0');
    MUST(arguments.allow_exec_count <= input.count);
  }
  free(arguments.allow_exec);
  /* The help has lines of its own, and no words of the input. */
  check_what_was_written();
  input_close(&input);
  return 0;
}
