#ifndef MAYEXEC_RUN_STRICTNESS_H
#define MAYEXEC_RUN_STRICTNESS_H

#include <stdbool.h>

/* --strict, and the gates that --allow leaves open. */
struct strictness {
  bool on;
  /* One bit for each gate, by its index in the table. */
  unsigned long gates;
};

#endif
