/* Searches in bytes, at the speed of libc's vector code; none allocates or fails. */
#ifndef FETCH_FIND_H
#define FETCH_FIND_H

#include <newswire/str.h>

#include <stdint.h>

/* Offset of the first `needle` in s at or behind `from`; SIZE_MAX if there is none. */
size_t find_bytes(struct nw_str s, size_t from, struct nw_str needle);

/* Offset of the first byte c in s at or behind `from`; SIZE_MAX if there is none. */
size_t find_byte(struct nw_str s, size_t from, char c);

/* What stands for s in a sentence: its first bytes, those that are no printable ASCII as '?', and a NUL. */
enum { EXCERPT = 32 };
const char *excerpt(struct nw_str s, char out[EXCERPT]);

#endif
