/*
 * Offsets into a text, from bytes to Unicode code points and back: msgpack counts bytes, JSON code points. The first
 * use counts the text once and notes where code points stand at up to NW_POSITIONS_MARKS places; each conversion then
 * counts from the mark before, so offsets may come in any order, and a long text with many offsets stays cheap.
 * In a text that is all ASCII nothing is to be converted. Allocates nothing.
 */
#ifndef NW_RECORD_POSITIONS_H
#define NW_RECORD_POSITIONS_H

#include <newswire/str.h>

enum { NW_POSITIONS_MARKS = 2048, NW_POSITIONS_STRIDE = 32 /* least bytes between marks */ };

struct nw_positions {
    struct nw_str text;
    bool counted;
    size_t points;                    /* code points in text */
    size_t stride;                    /* bytes between marks */
    size_t marks[NW_POSITIONS_MARKS]; /* code points before the one that byte i * stride is part of */
};

/* The text must live as long. Only counted when an offset is asked for. */
void nw_positions_init(struct nw_positions *positions, struct nw_str text);

/* An offset behind the end is taken as the end, one within a code point as its begin. */
size_t nw_positions_points(struct nw_positions *positions, size_t bytes);
size_t nw_positions_bytes(struct nw_positions *positions, size_t points);

#endif
