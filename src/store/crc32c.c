/* CRC32C by instruction or by tables: see crc32c.h. Bytes are taken in little-endian order on every machine. */
#include "store/crc32c.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static uint64_t eight_bytes(const unsigned char *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
           (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

uint32_t store_crc32c_portable(uint32_t crc, const void *bytes, size_t n)
{
    const uint32_t(*t)[256] = store_crc32c_table;
    const unsigned char *p = bytes;

    crc = ~crc;
    for (; n >= 8; n -= 8, p += 8) {
        uint64_t x = eight_bytes(p) ^ crc;
        crc = t[7][x & 255] ^ t[6][x >> 8 & 255] ^ t[5][x >> 16 & 255] ^ t[4][x >> 24 & 255] ^ t[3][x >> 32 & 255] ^
              t[2][x >> 40 & 255] ^ t[1][x >> 48 & 255] ^ t[0][x >> 56];
    }
    for (; n; n--, p++)
        crc = crc >> 8 ^ t[0][(crc ^ *p) & 255];
    return ~crc;
}

#if defined(__x86_64__)

#define FAST __attribute__((target("sse4.2,pclmul")))

bool store_crc32c_is_fast(void)
{
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
}

static inline uint64_t word_at(const unsigned char *p)
{
    uint64_t x;

    memcpy(&x, p, sizeof x);
    return x;
}

/*
 * The instruction takes 3 cycles, and one can begin in each: so three lanes of LANE bytes are summed side by side. What
 * the first two yield is then moved past what follows them by a multiplication without carries: by x^(8 * bytes - 33)
 * mod P, bits reflected, where the last 33 powers are the product's own and those of the instruction that takes it in.
 */
enum { LANE = 256, BLOCK = 3 * LANE };

#define PAST_TWO_LANES 0xdd7e3b0c
#define PAST_ONE_LANE  0xb9e02b86

FAST static uint64_t crc_block(uint64_t crc, const unsigned char *p)
{
    const unsigned char *last = p + LANE - 8;
    uint64_t a = crc, b = 0, c = 0;
    __m128i moved;

    for (; p < last; p += 8) {
        a = _mm_crc32_u64(a, word_at(p));
        b = _mm_crc32_u64(b, word_at(p + LANE));
        c = _mm_crc32_u64(c, word_at(p + 2 * LANE));
    }
    a = _mm_crc32_u64(a, word_at(p));
    b = _mm_crc32_u64(b, word_at(p + LANE));
    moved = _mm_xor_si128(_mm_clmulepi64_si128(_mm_cvtsi64_si128((int64_t)a), _mm_cvtsi64_si128(PAST_TWO_LANES), 0),
                          _mm_clmulepi64_si128(_mm_cvtsi64_si128((int64_t)b), _mm_cvtsi64_si128(PAST_ONE_LANE), 0));
    return _mm_crc32_u64(c, word_at(p + 2 * LANE) ^ (uint64_t)_mm_cvtsi128_si64(moved));
}

FAST uint32_t store_crc32c_fast(uint32_t crc, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    uint64_t c = (uint32_t)~crc;

    for (; n >= BLOCK; n -= BLOCK, p += BLOCK)
        c = crc_block(c, p);
    for (; n >= 8; n -= 8, p += 8)
        c = _mm_crc32_u64(c, word_at(p));
    for (; n; n--, p++)
        c = _mm_crc32_u8((uint32_t)c, *p);
    return ~(uint32_t)c;
}

#else

bool store_crc32c_is_fast(void)
{
    return false;
}

uint32_t store_crc32c_fast(uint32_t crc, const void *bytes, size_t n)
{
    return store_crc32c_portable(crc, bytes, n);
}

#endif

uint32_t store_crc32c(uint32_t crc, const void *bytes, size_t n)
{
    return store_crc32c_is_fast() ? store_crc32c_fast(crc, bytes, n) : store_crc32c_portable(crc, bytes, n);
}
