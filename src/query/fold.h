/* Words of a text, for comparison: without case and marks, by Unicode's properties. */
#ifndef QUERY_FOLD_H
#define QUERY_FOLD_H

#include <newswire/buf.h>

enum { FOLD_WORD = 256 /* bytes of a folded word; a longer one is cut */ };

/* The next word of s at or behind *at, folded into `out`; *at moves behind it. A run of letters and digits is a word;
 * of scripts that are written without spaces, each character is. False where none is left. */
bool fold_word(struct nw_str s, size_t *at, char out[FOLD_WORD], size_t *n);

#endif
