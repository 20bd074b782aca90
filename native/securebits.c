#define _GNU_SOURCE
#include "securebits.h"

#include <errno.h>
#include <sys/prctl.h>

#include "deadly_calls.h"
#include "system_calls.h"

int mayexec_get_securebits(void) {
  int bits = (int)mayexec_syscall(SYS_prctl, PR_GET_SECUREBITS, 0UL, 0UL, 0UL, 0UL);
  return bits < 0 ? -errno : bits;
}

int mayexec_set_securebits(unsigned bits) {
  return prctl(PR_SET_SECUREBITS, (unsigned long)bits, 0UL, 0UL, 0UL) < 0 ? -errno : 0;
}
