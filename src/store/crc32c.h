/*
 * CRC32C (Castagnoli; RFC 3720 appendix B.4): the checksum of everything that src/store writes. By the processor's
 * instruction where it has one (x86-64 with SSE4.2 and PCLMULQDQ), else by tables, eight bytes a step; both give the
 * same.
 */
#ifndef STORE_CRC32C_H
#define STORE_CRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The checksum of what had the checksum `crc` (0 for nothing yet), followed by these n bytes. */
uint32_t store_crc32c(uint32_t crc, const void *p, size_t n);

/* The two ways, for tests; `fast` only where store_crc32c_is_fast(). */
uint32_t store_crc32c_portable(uint32_t crc, const void *p, size_t n);
uint32_t store_crc32c_fast(uint32_t crc, const void *p, size_t n);
bool store_crc32c_is_fast(void);

/* Slices of the portable way: table[0] is the checksum register after one byte, table[k] after k zero bytes more. */
extern const uint32_t store_crc32c_table[8][256];

#endif
