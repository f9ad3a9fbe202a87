/* Base64 and quoted-printable, as mail and Atom use them: what is no such encoding is passed over. */
#ifndef CLEAN_ENCODINGS_H
#define CLEAN_ENCODINGS_H

#include <newswire/arena.h>

/* Whether s is Base64 and nothing else, of 8 characters or more. */
bool base64_is(struct nw_str s);

/* {NULL, 0} when memory ran out. */
struct nw_str base64_decode(struct nw_arena *arena, struct nw_str s);

/* `header`: as in encoded words, where "_" is a blank. */
struct nw_str quoted_printable_decode(struct nw_arena *arena, struct nw_str s, bool header);

#endif
