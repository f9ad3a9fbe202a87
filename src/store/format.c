/* Writes and reads the fixed parts of a segment file: see format.h. */
#include "store/format.h"

#include "store/crc32c.h"

#include <newswire/alloc.h>

#include <errno.h>

static const unsigned char HEADER_MAGIC[8] = "NWSTORE";
static const unsigned char TAIL_MAGIC[8] = "NWINDEX";

uint32_t store_get32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint64_t store_get64(const unsigned char *p)
{
    return store_get32(p) | (uint64_t)store_get32(p + 4) << 32;
}

void store_put32(unsigned char *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(value >> 8 * i);
}

void store_put64(unsigned char *p, uint64_t value)
{
    store_put32(p, (uint32_t)value);
    store_put32(p + 4, (uint32_t)(value >> 32));
}

void store_header_put(unsigned char out[STORE_HEADER], const struct store_header *header)
{
    memset(out, 0, STORE_HEADER);
    memcpy(out, HEADER_MAGIC, sizeof HEADER_MAGIC);
    store_put32(out + 8, STORE_VERSION);
    store_put32(out + 12, header->kind);
    store_put64(out + 16, header->identity.log);
    store_put64(out + 24, header->identity.salt);
    store_put64(out + 32, header->first);
    store_put64(out + 40, (uint64_t)header->made);
    store_put32(out + STORE_HEADER - 4, store_crc32c(0, out, STORE_HEADER - 4));
}

bool store_header_get(const unsigned char in[STORE_HEADER], struct store_header *header)
{
    uint32_t kind = store_get32(in + 12);

    if (memcmp(in, HEADER_MAGIC, sizeof HEADER_MAGIC) != 0 || store_get32(in + 8) != STORE_VERSION ||
        kind > STORE_ZSTD || store_get32(in + STORE_HEADER - 4) != store_crc32c(0, in, STORE_HEADER - 4))
        return false;
    *header = (struct store_header){
        .kind = (enum store_segment_kind)kind,
        .identity = {.log = store_get64(in + 16), .salt = store_get64(in + 24)},
        .first = store_get64(in + 32),
        .made = (int64_t)store_get64(in + 40),
    };
    return header->first > 0;
}

uint32_t store_frame_crc(uint64_t salt, uint64_t seq, uint32_t word)
{
    unsigned char prefix[24];

    store_put64(prefix, salt);
    store_put64(prefix + 8, seq);
    store_put64(prefix + 16, word);
    return store_crc32c(0, prefix, sizeof prefix);
}

void store_frame_seal(unsigned char *out, uint64_t salt, uint64_t seq, enum store_frame_kind kind, size_t length)
{
    uint32_t word = store_word(kind, length);

    store_put32(out, word);
    store_put32(out + 4, store_crc32c(store_frame_crc(salt, seq, word), out + STORE_FRAME, length));
}

void store_mark_put(unsigned char out[STORE_MARK], uint64_t salt, uint64_t seq, uint64_t durable)
{
    store_put64(out + STORE_FRAME, salt);
    store_put64(out + STORE_FRAME + 8, seq);
    store_put64(out + STORE_FRAME + 16, durable);
    store_frame_seal(out, salt, seq, STORE_KIND_MARK, STORE_MARK - STORE_FRAME);
}

size_t store_index_size(size_t spots)
{
    return STORE_FRAME + spots * STORE_SPOT + STORE_TAIL;
}

void store_index_put(unsigned char *out, uint64_t salt, const struct store_spots *spots, struct store_tail tail)
{
    size_t size = store_index_size(spots->n);
    unsigned char *p = out + STORE_FRAME;

    for (size_t i = 0; i < spots->n; i++, p += STORE_SPOT) {
        store_put32(p, spots->p[i].delta);
        store_put32(p + 4, spots->p[i].offset);
    }
    store_put64(p, tail.last);
    store_put64(p + 8, (uint64_t)tail.closed);
    store_put64(p + 16, tail.end);
    store_put32(p + 24, (uint32_t)spots->n);
    store_put32(p + 28, (uint32_t)size);
    memcpy(p + 32, TAIL_MAGIC, sizeof TAIL_MAGIC);
    store_frame_seal(out, salt, tail.last + 1, STORE_KIND_INDEX, size - STORE_FRAME);
}

bool store_tail_get(const unsigned char in[STORE_TAIL], struct store_tail *tail)
{
    *tail = (struct store_tail){
        .last = store_get64(in),
        .closed = (int64_t)store_get64(in + 8),
        .end = store_get64(in + 16),
        .spots = store_get32(in + 24),
        .size = store_get32(in + 28),
    };
    return memcmp(in + 32, TAIL_MAGIC, sizeof TAIL_MAGIC) == 0 && tail->size == store_index_size(tail->spots) &&
           tail->size <= STORE_LENGTH_MAX;
}

bool store_index_get(const unsigned char *in, size_t n, const struct store_header *header, uint64_t file_size,
                     struct store_spots *spots, struct store_tail *tail, int *error)
{
    uint32_t word;

    *error = 0;
    if (n < STORE_FRAME + STORE_TAIL || !store_tail_get(in + n - STORE_TAIL, tail) || tail->size != n)
        return false;
    word = store_get32(in);
    if (word != store_word(STORE_KIND_INDEX, n - STORE_FRAME) || tail->last + 1 < header->first || tail->spots == 0 ||
        store_get32(in + 4) != store_crc32c(store_frame_crc(header->identity.salt, tail->last + 1, word),
                                            in + STORE_FRAME, n - STORE_FRAME))
        return false;
    spots->n = 0;
    for (size_t i = 0; i < tail->spots; i++) {
        uint32_t delta = store_get32(in + STORE_FRAME + i * STORE_SPOT);
        uint32_t offset = store_get32(in + STORE_FRAME + i * STORE_SPOT + 4);
        const struct store_spot *before = i ? &spots->p[i - 1] : NULL;
        if (offset > file_size - n || (before ? delta < before->delta || offset <= before->offset : delta != 0))
            return false;
        *error = store_spots_add(spots, delta, offset);
        if (*error < 0)
            return false;
    }
    return true;
}

int store_spots_reserve(struct store_spots *spots)
{
    struct store_spot *p;
    size_t cap = spots->cap ? spots->cap * 2 : 16;

    if (spots->n < spots->cap)
        return 0;
    p = nw_realloc(spots->p, cap * sizeof *p);
    if (!p)
        return -ENOMEM;
    spots->p = p;
    spots->cap = cap;
    return 0;
}

int store_spots_add(struct store_spots *spots, uint64_t delta, uint64_t offset)
{
    int error = store_spots_reserve(spots);

    if (error < 0)
        return error;
    spots->p[spots->n++] = (struct store_spot){.delta = (uint32_t)delta, .offset = (uint32_t)offset};
    return 0;
}

void store_spots_free(struct store_spots *spots)
{
    nw_free(spots->p);
    *spots = (struct store_spots){0};
}

size_t store_spots_find(const struct store_spots *spots, uint64_t delta)
{
    size_t low = 0, high = spots->n;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (spots->p[middle].delta <= delta)
            low = middle;
        else
            high = middle;
    }
    return low;
}
