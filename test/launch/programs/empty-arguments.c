/* Executes a program with no arguments at all, not even its own name. */
#include <unistd.h>

int main(int argc, char **argv) {
  char *none[] = {NULL};
  return argc < 2 ? 2 : execve(argv[1], none, none);
}
