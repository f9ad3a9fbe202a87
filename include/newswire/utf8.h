/* UTF-8 as RFC 3629 has it: no surrogates, nothing above U+10FFFF, shortest form only. */
#ifndef NEWSWIRE_UTF8_H
#define NEWSWIRE_UTF8_H

#include <newswire/str.h>

#include <stdint.h>

/* Length of the longest valid prefix; s.n when all of it is valid. Runs of ASCII go 16 bytes a step. */
size_t nw_utf8_valid(struct nw_str s);

/* Code points in a valid string. */
size_t nw_utf8_count(struct nw_str s);

/* Reads the code point at s.p[*at], moves *at behind it. An invalid byte gives U+FFFD and moves on by one. *at < s.n.
 */
uint32_t nw_utf8_next(struct nw_str s, size_t *at);

/* Writes c (U+FFFD for what is no code point) to out[0..3]; returns the bytes written. */
size_t nw_utf8_put(char *out, uint32_t c);

/* Largest offset <= at that is the start of a code point in s. */
size_t nw_utf8_floor(struct nw_str s, size_t at);

#endif
