/*
 * Bytes of any charset into valid UTF-8. In this order: byte-order mark; what is valid UTF-8 is UTF-8 whatever it
 * claims; the charset declared by the transport or inside the document (labels as the WHATWG reads them); a guess.
 * Stray bytes in what is UTF-8 otherwise are read as windows-1252, one by one. Nothing is refused here.
 */
#ifndef CLEAN_DECODE_H
#define CLEAN_DECODE_H

#include <newswire/arena.h>

struct decoded {
    struct nw_str text;  /* without a mark; p NULL when memory ran out */
    const char *charset; /* the WHATWG's name, lower case; static */
    bool plain;          /* known to be printable ASCII and line feeds: nothing is left to tidy */
};

/* `declared` is a media type ("text/html; charset=koi8-r") or a bare label; "" for none. `markup`: the bytes may
 * declare a charset themselves (meta, XML declaration). */
struct decoded decode(struct nw_arena *arena, struct nw_str bytes, struct nw_str declared, bool markup);

/* Decodes as `label` says and nothing else; false where the label is not known. */
bool decode_as(struct nw_arena *arena, struct nw_str bytes, struct nw_str label, struct decoded *decoded);

/* The name for a label, "" where it is none the WHATWG knows. */
const char *charset_name(struct nw_str label);

/* A guess at bytes that are no UTF-8 (guess.c). */
const char *charset_guess(struct nw_arena *arena, struct nw_str bytes);

#endif
