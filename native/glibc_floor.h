#ifndef MAYEXEC_GLIBC_FLOOR_H
#define MAYEXEC_GLIBC_FLOOR_H

/*
 * Include this in every file that uses one of these functions. A newer glibc gives them a
 * newer version, which older ones lack. Each glibc still has the older version. .ci/binary
 * verifies that the addon needs no more than glibc 2.28.
 */
#include <features.h>

#if defined(MAYEXEC_GLIBC_FLOOR) && defined(__GLIBC__)
#if defined(__x86_64__)
#define MAYEXEC_FLOOR "GLIBC_2.2.5"
#define MAYEXEC_FLOOR_2_3_3 "GLIBC_2.3.3"
#elif defined(__aarch64__)
#define MAYEXEC_FLOOR "GLIBC_2.17"
#define MAYEXEC_FLOOR_2_3_3 "GLIBC_2.17"
#endif
#endif

#ifdef MAYEXEC_FLOOR
__asm__(".symver pthread_create,pthread_create@" MAYEXEC_FLOOR);
__asm__(".symver pthread_join,pthread_join@" MAYEXEC_FLOOR);
__asm__(".symver pthread_once,pthread_once@" MAYEXEC_FLOOR);
__asm__(".symver pthread_tryjoin_np,pthread_tryjoin_np@" MAYEXEC_FLOOR_2_3_3);
__asm__(".symver dlopen,dlopen@" MAYEXEC_FLOOR);
__asm__(".symver dlinfo,dlinfo@" MAYEXEC_FLOOR_2_3_3);
__asm__(".symver pthread_sigmask,pthread_sigmask@" MAYEXEC_FLOOR);
__asm__(".symver pthread_attr_setstacksize,pthread_attr_setstacksize@" MAYEXEC_FLOOR);
#endif

#endif
