/*
 * On arm64 the stack protector's value is in glibc's dynamic loader, but in musl's libc. So a
 * binary for both needs its own value. Its value is as random as theirs: it comes from the kernel's
 * 16 random bytes.
 */
#if defined(__aarch64__)
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

extern uintptr_t __stack_chk_guard;
uintptr_t __stack_chk_guard = 0;

/* This function has no canary of its own, since it sets the canary. */
__attribute__((constructor(101), optimize("no-stack-protector"))) static void set_guard(void) {
  const void *random = (const void *)getauxval(AT_RANDOM);
  if (random != NULL) memcpy(&__stack_chk_guard, random, sizeof __stack_chk_guard);
  __stack_chk_guard &= ~(uintptr_t)0xff; /* ends a string that runs over it */
}
#else
typedef int mayexec_no_stack_guard; /* ISO C wants a declaration in every file. */
#endif
