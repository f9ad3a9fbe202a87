/*
 * Wider registers where the machine has them: a function marked WIDE_FUNCTION is compiled for AVX2 and called only when
 * wide_here() is true; the same source compiled without it is the other way, with the same results.
 */
#ifndef TAG_WIDE_H
#define TAG_WIDE_H

#include <stdbool.h>
#include <stdint.h>

#define ALONE __attribute__((noinline)) /* not to be put into its callers */

#if defined(__x86_64__)
#define WIDE_FUNCTION __attribute__((target("avx2")))
static inline bool wide_here(void)
{
    return __builtin_cpu_supports("avx2");
}
#else
#define WIDE_FUNCTION
static inline bool wide_here(void)
{
    return false;
}
#endif

/* Which byte of 8, in the order of memory, is the first that is not 0; there is one. */
static inline unsigned first_byte(uint64_t bytes)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (unsigned)__builtin_ctzll(bytes) / 8;
#else
    return (unsigned)__builtin_clzll(bytes) / 8;
#endif
}

#endif
