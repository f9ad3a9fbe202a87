/*
 * The bytes of a segment file; numbers are little-endian. Whoever changes a layout changes the version.
 *
 * Header: 64 bytes: magic, version, kind, log id, salt, first sequence number, time of making, CRC32C.
 *
 * Frames: one behind the other, each [word u32][crc32c u32][payload]; the word is kind << 28 | length of the payload.
 *
 * - entry, kind 0: one payload of the caller's; so the word is simply its length.
 *
 * - mark, kind 8, before an entry about every 64 KiB: [salt u64][sequence number of that entry u64][durable through
 *   u64]. Where a damaged stretch ends is found by searching for the salt.
 *
 * - index, kind 9, last in a closed segment: where the marks are, and the tail (struct store_tail).
 *
 * Zeros: a word of 0 ends a segment that is still open: its rest is preallocated.
 *
 * A frame's checksum covers salt, sequence number, word and payload: an entry at a wrong place, of another log, or left
 * over from an earlier use of the disk never passes for a good one. A mark has the sequence number of the entry that
 * follows, the index that of the first entry of the next segment.
 *
 * A compressed segment has the same header (kind 1), then zstd frames, each independent and each of them whole frames
 * as above, at least 256 KiB of them (but the last); then the index, whose places are those of the zstd frames.
 */
#ifndef STORE_FORMAT_H
#define STORE_FORMAT_H

#include <newswire/str.h>

#include <stdint.h>

enum {
    STORE_VERSION = 1,
    STORE_HEADER = 64,             /* bytes of the header */
    STORE_FRAME = 8,               /* bytes before a payload */
    STORE_MARK = STORE_FRAME + 24, /* bytes of a mark with its frame */
    STORE_MARK_EVERY = 64 << 10,   /* bytes between marks, at least: the grain of index and of salvage */
    STORE_SPOT = 8,                /* bytes of one place in an index */
    STORE_TAIL = 40,               /* bytes behind the places, at the end of the index and of the file */
    STORE_LENGTH_MAX = (1 << 28) - 1,
    STORE_HEAD = 64, /* bytes of the file `head` */
};

enum store_segment_kind { STORE_PLAIN, STORE_ZSTD };

enum store_frame_kind { STORE_KIND_ENTRY = 0, STORE_KIND_MARK = 8, STORE_KIND_INDEX = 9 };

/* What a log is, the same in each of its segments. The id is told to subscribers; the salt never leaves the folder, so
 * nobody who submits an article can make its bytes look like a frame. */
struct store_identity {
    uint64_t log, salt;
};

struct store_header {
    enum store_segment_kind kind;
    struct store_identity identity;
    uint64_t first; /* sequence number of the first entry */
    int64_t made;   /* wall clock, ms */
};

/* Where a stretch begins: at the mark before entry first + delta. The first place is {0, STORE_HEADER}. */
struct store_spot {
    uint32_t delta, offset;
};

struct store_spots {
    struct store_spot *p;
    size_t n, cap;
};

struct store_tail {
    uint64_t last;  /* sequence number of the last entry; first - 1 when there is none */
    int64_t closed; /* wall clock, ms */
    uint64_t end;   /* bytes that all frames before the index have, uncompressed, with the header */
    uint32_t spots; /* places before this tail */
    uint32_t size;  /* bytes of the index frame, with its own 8 */
};

uint32_t store_get32(const unsigned char *p);
uint64_t store_get64(const unsigned char *p);
void store_put32(unsigned char *p, uint32_t value);
void store_put64(unsigned char *p, uint64_t value);

void store_header_put(unsigned char out[STORE_HEADER], const struct store_header *header);
bool store_header_get(const unsigned char in[STORE_HEADER], struct store_header *header); /* false: damaged */

static inline uint32_t store_word(enum store_frame_kind kind, size_t length)
{
    return (uint32_t)kind << 28 | (uint32_t)length;
}

static inline unsigned store_word_kind(uint32_t word)
{
    return word >> 28;
}

static inline size_t store_word_length(uint32_t word)
{
    return word & STORE_LENGTH_MAX;
}

/* The checksum of a frame before its payload; goes on with store_crc32c over the payload. */
uint32_t store_frame_crc(uint64_t salt, uint64_t seq, uint32_t word);

/* Writes the frame around a payload that stands at out + STORE_FRAME already. */
void store_frame_seal(unsigned char *out, uint64_t salt, uint64_t seq, enum store_frame_kind kind, size_t length);

void store_mark_put(unsigned char out[STORE_MARK], uint64_t salt, uint64_t seq, uint64_t durable);

/* Bytes of the index frame of `spots` places. */
size_t store_index_size(size_t spots);

/* Writes the index frame; tail->spots and size are filled in here. */
void store_index_put(unsigned char *out, uint64_t salt, const struct store_spots *spots, struct store_tail tail);

/* Reads the tail, the last STORE_TAIL bytes of a file; false where it is none. Its checksum is the index frame's. */
bool store_tail_get(const unsigned char in[STORE_TAIL], struct store_tail *tail);

/* Checks a whole index frame of n bytes and reads its places; false: damaged. *error is -ENOMEM when there was no
 * memory for them, else 0. The places of earlier use are kept as memory. */
bool store_index_get(const unsigned char *in, size_t n, const struct store_header *header, uint64_t file_size,
                     struct store_spots *spots, struct store_tail *tail, int *error);

int store_spots_reserve(struct store_spots *spots); /* room for one more; 0 or -ENOMEM */
int store_spots_add(struct store_spots *spots, uint64_t delta, uint64_t offset);
void store_spots_free(struct store_spots *spots);

/* The number of the last place with delta <= the given one. spots->n > 0 and spots->p[0].delta == 0. */
size_t store_spots_find(const struct store_spots *spots, uint64_t delta);

#endif
