/* Says so as soon as it is mapped, whatever it is loaded for: a library, an auditor, an engine. */
#include <unistd.h>

__attribute__((constructor)) static void ran(void) { (void)!write(1, "RAN\n", 4); }

unsigned la_version(unsigned version) { return version; }
