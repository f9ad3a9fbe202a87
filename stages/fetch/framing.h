/*
 * Where items end in a stream that does not end: lines, JSON objects in lines, or blocks as wire services send them.
 * Pure: no decision hangs on how the bytes are cut into pieces, and no byte is searched twice.
 */
#ifndef FETCH_FRAMING_H
#define FETCH_FRAMING_H

#include <newswire/record.h>

enum framing_kind {
    FRAMING_LINES,  /* a line is an item */
    FRAMING_NDJSON, /* a line is a JSON object */
    FRAMING_WIRE,   /* ETX (0x03), or NNNN at the beginning of a line, ends an item; both belong to it */
};

enum { FRAMING_SLACK = 1 /* the last byte of a line may be the CR of its end */ };

struct framing {
    enum framing_kind kind;
    size_t most;    /* bytes of an item */
    size_t scanned; /* bytes at the front that were searched in vain */
    bool skipping;  /* the end of an item past `most` is being looked for */
};

enum framing_step {
    FRAMING_ITEM = 0, /* item */
    FRAMING_BAD,      /* an item that is refused: why */
    FRAMING_MORE,     /* the end of the next one is not there yet */
};

struct framed {
    size_t taken; /* bytes at the front that are done with */
    struct nw_str item;
    char why[NW_WHY];
};

/* The names of the kinds, ended by NULL, in the order of the enum. */
extern const char *const framing_names[];

/* A step over the bytes that are not taken yet. FRAMING_MORE leaves `most` + FRAMING_SLACK of them at most. */
enum framing_step framing_next(struct framing *framing, struct nw_str bytes, struct framed *framed);

/* Whether bytes that are left at the end are part of an item. */
bool framing_is_inside(const struct framing *framing, struct nw_str rest);

#endif
