/*
 * restrict BITS COMMAND [ARGUMENT...]: sets exec securebits and becomes the
 * command. BITS is the number for prctl(2).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  unsigned long now = (unsigned long)prctl(PR_GET_SECUREBITS);
  if (prctl(PR_SET_SECUREBITS, now | strtoul(argv[1], NULL, 0)) != 0) {
    fprintf(stderr, "securebits: %s\n", strerror(errno));
    return 2;
  }
  execvp(argv[2], argv + 2);
  fprintf(stderr, "%s: %s\n", argv[2], strerror(errno));
  return 2;
}
