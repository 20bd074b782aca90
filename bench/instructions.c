/*
 * Valgrind 3.19 does not know openat2(2), and not the flag of execveat(2). Preloaded, this makes
 * openat(2) of the first, and grants what the second asks.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/syscall.h>

enum { OPENAT2 = 437 };

long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long a[6];
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  if (number == SYS_execveat) return 0;
  if (number == OPENAT2) {
    const uint64_t *how = (const uint64_t *)a[2];
    return openat((int)a[0], (const char *)a[1], (int)how[0], (int)how[1]);
  }
  register long r10 __asm__("r10") = a[3];
  register long r8 __asm__("r8") = a[4];
  register long r9 __asm__("r9") = a[5];
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  if (result >= 0 || result < -4095) return result;
  errno = (int)-result;
  return -1;
}
