/* xxHash behind our names. */
#include <newswire/hash.h>

#define XXH_INLINE_ALL
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#else
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#endif
#include <xxhash.h>
#if defined(__clang__)
#pragma clang diagnostic pop
#else
#pragma GCC diagnostic pop
#endif

uint64_t nw_hash64(struct nw_str s, uint64_t seed)
{
    return XXH3_64bits_withSeed(s.p ? s.p : "", s.n, seed);
}

struct nw_hash128 nw_hash128(struct nw_str s)
{
    XXH128_hash_t h = XXH3_128bits(s.p ? s.p : "", s.n);

    return (struct nw_hash128){h.high64, h.low64};
}

void nw_hash128_hex(struct nw_hash128 h, char out[33])
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; i < 16; i++) {
        out[i] = digits[h.high >> (60 - 4 * i) & 15];
        out[16 + i] = digits[h.low >> (60 - 4 * i) & 15];
    }
    out[32] = '\0';
}
