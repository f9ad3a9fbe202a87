/* xxHash: XXH3 64 and 128 bits, the same on every machine. For tables and content ids, not against an adversary who
 * picks the key. */
#ifndef NEWSWIRE_HASH_H
#define NEWSWIRE_HASH_H

#include <newswire/str.h>

#include <stdint.h>

struct nw_hash128 {
    uint64_t high, low;
};

uint64_t nw_hash64(struct nw_str s, uint64_t seed);
struct nw_hash128 nw_hash128(struct nw_str s);

/* Writes 32 lower-case hexadecimal digits and a NUL. */
void nw_hash128_hex(struct nw_hash128 h, char out[33]);

#endif
