/* A shared object that says which one it is when it is mapped. */
#include <unistd.h>

__attribute__((constructor)) static void say(void) {
  (void)!write(1, NAME "\n", sizeof NAME);
}
