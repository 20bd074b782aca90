#ifndef MAYEXEC_RUN_STRICTNESS_H
#define MAYEXEC_RUN_STRICTNESS_H

#include <stdbool.h>

/* --strict, and what --allow leaves open. */
struct strictness {
  bool on;
  /* A bit a gate, by its index in the table. */
  unsigned long gates;
};

#endif
