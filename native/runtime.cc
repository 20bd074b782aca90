/*
 * What C++ needs at run time, in the place of libstdc++: one file then loads
 * under every libc, and exports nothing that another addon could pick up. There
 * are no exceptions here, so what would throw ends the process.
 */
#include <stdlib.h>

#include <new>
#include <string>

#if defined(__aarch64__)
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#endif

const std::nothrow_t std::nothrow{};

void *operator new(size_t size, const std::nothrow_t &) noexcept {
  return malloc(size == 0 ? 1 : size);
}

void *operator new(size_t size) {
  void *memory = operator new(size, std::nothrow);
  if (memory == nullptr) abort();
  return memory;
}

void operator delete(void *memory) noexcept { free(memory); }
void operator delete(void *memory, size_t) noexcept { free(memory); }

// NOLINTBEGIN(cert-dcl58-cpp,cert-dcl50-cpp): these are the names that the headers call.
namespace std {
void __throw_length_error(const char *) { abort(); }
void __throw_logic_error(const char *) { abort(); }
void __throw_out_of_range_fmt(const char *, ...) { abort(); }
void __throw_bad_alloc() { abort(); }
void __throw_bad_array_new_length() { abort(); }
template class basic_string<char>;
}  // namespace std
// NOLINTEND(cert-dcl58-cpp,cert-dcl50-cpp)

#if defined(__aarch64__)
/*
 * The stack protector's value is in the dynamic loader of glibc and in the libc
 * of musl. This one is nobody's but ours, and as random: the kernel's 16 bytes.
 */
extern "C" {
extern uintptr_t __stack_chk_guard;
uintptr_t __stack_chk_guard = 0;

/* Without a canary of its own, since it sets the canary. */
__attribute__((constructor(101), optimize("no-stack-protector"))) static void SetGuard() {
  const void *random = reinterpret_cast<const void *>(getauxval(AT_RANDOM));
  if (random != nullptr) memcpy(&__stack_chk_guard, random, sizeof __stack_chk_guard);
  __stack_chk_guard &= ~static_cast<uintptr_t>(0xff); /* ends a string that runs over it */
}
}
#endif
