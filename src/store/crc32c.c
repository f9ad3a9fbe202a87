/* CRC32C by instruction or by tables: see crc32c.h. Bytes are taken in little-endian order on every machine. */
#include "store/crc32c.h"

#include <string.h>

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

bool store_crc32c_is_fast(void)
{
    return __builtin_cpu_supports("sse4.2");
}

/* One stream: the instruction's latency of 3 cycles bounds it at 8 bytes in 3 cycles, several GB/s, which is beyond
 * what the disk and the copy give; more streams would not be seen. */
__attribute__((target("sse4.2"))) uint32_t store_crc32c_fast(uint32_t crc, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    uint64_t c = (uint32_t)~crc;

    for (; n >= 8; n -= 8, p += 8) {
        uint64_t x;
        memcpy(&x, p, sizeof x);
        c = __builtin_ia32_crc32di(c, x);
    }
    for (; n; n--, p++)
        c = __builtin_ia32_crc32qi((uint32_t)c, *p);
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
