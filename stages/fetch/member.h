/* What archives share: which members are read, and passing over bytes of the layer below. */
#ifndef FETCH_MEMBER_H
#define FETCH_MEMBER_H

#include "window.h"

/* Whether a member is left aside without a word, by its path: hidden files, and what macOS puts into archives. */
bool member_hidden(struct nw_str path);

/* Drops up to *n bytes below; counts *n down. SOME when *n is 0; END when the archive ended before; else as
 * window_fill. */
int member_skip(struct window *below, uint64_t *n);

#endif
