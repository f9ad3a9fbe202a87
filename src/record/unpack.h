/*
 * Reads msgpack from bytes that nobody vouches for. A cursor over a view: each call reads the next value if it is of
 * the kind asked for, and moves behind it; otherwise it returns false and stays. Nothing is allocated, nothing is
 * copied (text and bytes alias the view), nothing recurses, no byte outside the view is looked at.
 *
 * Bounds hold before anybody can act on a length: text must lie in the view; a container must have no more values than
 * there are bytes left, nor more than NW_RECORD_OBJECTS in all (five bytes, dd 20 00 00 00, made msgpack-c map 16 GB);
 * skip refuses what nests deeper than NW_RECORD_DEPTH.
 *
 *     struct nw_unpack in = nw_unpack(header);
 *     size_t n;
 *     uint64_t version, type;
 *     if (!nw_unpack_array(&in, &n) || n < 2 || !nw_unpack_uint(&in, &version) || !nw_unpack_uint(&in, &type))
 *         return refuse("expected a header, found %s", nw_unpack_found(&in));
 */
#ifndef NW_RECORD_UNPACK_H
#define NW_RECORD_UNPACK_H

#include <newswire/record.h>
#include <newswire/str.h>

#include <stdint.h>

struct nw_unpack {
    const unsigned char *at, *end;
    size_t objects; /* values that containers may still hold */
    size_t depth;   /* containers open around `at`: kept by a caller that enters them, for skip's bound; else 0 */
};

enum nw_unpack_type {
    NW_UNPACK_NIL,
    NW_UNPACK_BOOL,
    NW_UNPACK_INT, /* signed or not */
    NW_UNPACK_NUM, /* float of 4 or 8 bytes */
    NW_UNPACK_STR,
    NW_UNPACK_BIN,
    NW_UNPACK_ARRAY,
    NW_UNPACK_MAP,
    NW_UNPACK_EXT,
    NW_UNPACK_END, /* no byte is left */
    NW_UNPACK_BAD, /* c1, which begins no value */
};

struct nw_unpack nw_unpack(struct nw_str s);

/* The kind of the next value, by its first byte alone: reading it may still find it cut off or out of bounds. */
enum nw_unpack_type nw_unpack_peek(const struct nw_unpack *in);

/* For sentences: "nil", "bool", "int", "float", "str", "bin", "array", "map", "ext", "the end", "no msgpack". */
const char *nw_unpack_name(enum nw_unpack_type type);

/* The name of the next value, or "cut-off str" and so on where it is of no use: cut off or out of bounds. */
const char *nw_unpack_found(const struct nw_unpack *in);

bool nw_unpack_nil(struct nw_unpack *in);
bool nw_unpack_bool(struct nw_unpack *in, bool *value);
bool nw_unpack_uint(struct nw_unpack *in, uint64_t *value);     /* an int of any form that is not below 0 */
bool nw_unpack_int(struct nw_unpack *in, int64_t *value);       /* an int of any form that fits */
bool nw_unpack_num(struct nw_unpack *in, double *value);        /* a float or an int */
bool nw_unpack_str(struct nw_unpack *in, struct nw_str *value); /* not checked for UTF-8 */
bool nw_unpack_bin(struct nw_unpack *in, struct nw_str *value);
bool nw_unpack_ext(struct nw_unpack *in, int *type, struct nw_str *value);

/* The header of an array of *count values, of a map of *count pairs, which are the next to be read. */
bool nw_unpack_array(struct nw_unpack *in, size_t *count);
bool nw_unpack_map(struct nw_unpack *in, size_t *count);

/* Moves behind the next value, whatever it is; its bytes go to *value unless that is NULL. */
bool nw_unpack_skip(struct nw_unpack *in, struct nw_str *value);

/* Reads a text of at most 31 bytes if it is `key` in its shortest form: what a writer of ours puts there. */
static inline bool nw_unpack_key(struct nw_unpack *in, const char *key, size_t size)
{
    if ((size_t)(in->end - in->at) <= size || *in->at != (0xa0 | size) || memcmp(in->at + 1, key, size) != 0)
        return false;
    in->at += 1 + size;
    return true;
}

#endif
