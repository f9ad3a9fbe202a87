/*
 * The header codec, made of frame.h's lists: a writer and a reader for each kind of field, and one switch. Headers come
 * from outside, so the reader takes lengths from unpack.h only, which bounds them by the bytes that are there.
 */
#include "link/frame.h"
#include "record/pack.h"
#include "record/unpack.h"

#include <newswire/utf8.h>

#include <errno.h>
#include <stdio.h>

const char *nw_message_name(enum nw_message type)
{
    switch (type) {
#define NAME_OF(number, NAME, member)                                                                                  \
    case NW_##NAME:                                                                                                    \
        return #NAME;
        NW_MESSAGES(NAME_OF)
    }
    return "an unknown message";
}

/* ---- writing */

static void write_U64(struct nw_buf *out, const uint64_t *v)
{
    nw_pack_uint(out, *v);
}

static void write_STR(struct nw_buf *out, const struct nw_str *v)
{
    nw_pack_str(out, *v);
}

static void write_MARK(struct nw_buf *out, const struct nw_mark *v)
{
    if (!v->set) {
        nw_pack_nil(out);
        return;
    }
    nw_pack_array(out, 6);
    nw_pack_uint(out, v->lanes[NW_LANE_NORMAL].jseq);
    nw_pack_uint(out, v->lanes[NW_LANE_NORMAL].sub);
    nw_pack_uint(out, v->oseq);
    nw_pack_uint(out, v->journal);
    nw_pack_uint(out, v->lanes[NW_LANE_URGENT].jseq);
    nw_pack_uint(out, v->lanes[NW_LANE_URGENT].sub);
}

static void write_SIZES(struct nw_buf *out, const struct nw_sizes *v)
{
    nw_pack_array(out, v->n);
    for (size_t i = 0; i < v->n; i++)
        nw_pack_uint(out, v->v[i]);
}

static void write_ENTRIES(struct nw_buf *out, const struct nw_entries *v)
{
    nw_pack_array(out, v->n);
    for (size_t i = 0; i < v->n; i++) {
        bool urgent = v->v[i].lane == NW_LANE_URGENT;
        nw_pack_array(out, urgent ? 4 : 3);
        nw_pack_uint(out, v->v[i].jseq);
        nw_pack_uint(out, v->v[i].sub);
        nw_pack_uint(out, v->v[i].size);
        if (urgent)
            nw_pack_uint(out, NW_LANE_URGENT);
    }
}

static void write_RESULTS(struct nw_buf *out, const struct nw_results *v)
{
    nw_pack_array(out, v->n);
    for (size_t i = 0; i < v->n; i++) {
        const struct nw_result *result = &v->v[i];
        nw_pack_array(out, result->outcome == NW_AGAIN ? 1 : 2);
        nw_pack_uint(out, (uint64_t)result->outcome);
        if (result->outcome == NW_OUTPUTS)
            write_SIZES(out, &result->outputs);
        else if (result->outcome != NW_AGAIN)
            nw_pack_str(out, result->reason);
    }
}

static void write_REJECTS(struct nw_buf *out, const struct nw_rejects *v)
{
    nw_pack_array(out, v->n);
    for (size_t i = 0; i < v->n; i++) {
        nw_pack_array(out, 2);
        nw_pack_uint(out, v->v[i].fseq);
        nw_pack_str(out, v->v[i].why);
    }
}

static void write_PAGE(struct nw_buf *out, const struct nw_page_entries *v)
{
    nw_pack_array(out, v->n);
    for (size_t i = 0; i < v->n; i++) {
        nw_pack_array(out, 2);
        nw_pack_uint(out, v->v[i].oseq);
        nw_pack_uint(out, v->v[i].size);
    }
}

static void write_NUMBERS(struct nw_buf *out, const struct nw_numbers *v)
{
    nw_pack_array(out, v->n);
    for (size_t i = 0; i < v->n; i++)
        nw_pack_uint(out, v->v[i]);
}

static void write_INDEXES(struct nw_buf *out, const struct nw_numbers *v)
{
    write_NUMBERS(out, v);
}

#define COUNT_ONE(kind, member) +1
#define WRITE_ONE(kind, member) write_##kind(out, &h->member);
#define WRITER(number, NAME, name)                                                                                     \
    static void write_##name(struct nw_buf *out, const struct nw_##name##_header *h)                                   \
    {                                                                                                                  \
        (void)h;                                                                                                       \
        (void)out;                                                                                                     \
        NW_##NAME##_FIELDS(WRITE_ONE)                                                                                  \
    }
NW_MESSAGES(WRITER)

int nw_header_encode(const struct nw_header *header, struct nw_buf *out)
{
    switch (header->type) {
#define ENCODE(number, NAME, name)                                                                                     \
    case NW_##NAME:                                                                                                    \
        nw_pack_array(out, 3 NW_##NAME##_FIELDS(COUNT_ONE));                                                           \
        nw_pack_uint(out, NW_PROTOCOL_VERSION);                                                                        \
        nw_pack_uint(out, number);                                                                                     \
        nw_pack_uint(out, header->epoch);                                                                              \
        write_##name(out, &header->name);                                                                              \
        break;
        NW_MESSAGES(ENCODE)
    }
    return out->error;
}

/* ---- reading: each returns 0, NW_BAD_HEADER or -ENOMEM */

struct reader {
    struct nw_unpack in;
    struct nw_arena *arena;
};

static int read_U64(struct reader *r, uint64_t *v)
{
    return nw_unpack_uint(&r->in, v) ? 0 : NW_BAD_HEADER;
}

static int read_STR(struct reader *r, struct nw_str *v)
{
    return nw_unpack_str(&r->in, v) && nw_utf8_valid(*v) == v->n ? 0 : NW_BAD_HEADER;
}

static bool read_size(struct reader *r, uint32_t *size)
{
    uint64_t v;

    if (!nw_unpack_uint(&r->in, &v) || v > NW_FRAME_MAX)
        return false;
    *size = (uint32_t)v;
    return true;
}

/* The header of a list of at most `most` elements of `each` values (0: not arrays themselves), and room for them. */
static int read_list(struct reader *r, size_t most, size_t size, void *list, size_t *n)
{
    void *v;

    if (!nw_unpack_array(&r->in, n) || *n > most)
        return NW_BAD_HEADER;
    v = nw_arena_array(r->arena, size, *n);
    if (!v)
        return -ENOMEM;
    memcpy(list, &v, sizeof v);
    return 0;
}

static bool read_tuple(struct reader *r, size_t least, size_t *n)
{
    return nw_unpack_array(&r->in, n) && *n >= least;
}

static bool skip(struct reader *r, size_t n)
{
    while (n-- > 0) {
        if (!nw_unpack_skip(&r->in, NULL))
            return false;
    }
    return true;
}

static bool read_place(struct reader *r, struct nw_lane_mark *place)
{
    return nw_unpack_uint(&r->in, &place->jseq) && nw_unpack_uint(&r->in, &place->sub);
}

static int read_MARK(struct reader *r, struct nw_mark *v)
{
    size_t n;

    *v = (struct nw_mark){0};
    if (nw_unpack_nil(&r->in))
        return 0;
    v->set = true;
    if (!read_tuple(r, 4, &n) || !read_place(r, &v->lanes[NW_LANE_NORMAL]) || !nw_unpack_uint(&r->in, &v->oseq) ||
        !nw_unpack_uint(&r->in, &v->journal))
        return NW_BAD_HEADER;
    n -= 4;
    if (n >= 2) {
        if (!read_place(r, &v->lanes[NW_LANE_URGENT]))
            return NW_BAD_HEADER;
        n -= 2;
    }
    return skip(r, n) ? 0 : NW_BAD_HEADER;
}

static int read_SIZES(struct reader *r, struct nw_sizes *v)
{
    int result = read_list(r, NW_BATCH_RECORDS, sizeof *v->v, &v->v, &v->n);

    for (size_t i = 0; result == 0 && i < v->n; i++)
        result = read_size(r, &v->v[i]) ? 0 : NW_BAD_HEADER;
    return result;
}

/* The lane is there where it is not the normal one. *n: the elements of an entry, then those behind the lane. */
static bool read_lane(struct reader *r, size_t *n, enum nw_lane *lane)
{
    uint64_t v = NW_LANE_NORMAL;

    *n -= 3;
    if (*n > 0) {
        if (!nw_unpack_uint(&r->in, &v) || v >= NW_LANES)
            return false;
        --*n;
    }
    *lane = (enum nw_lane)v;
    return true;
}

static int read_ENTRIES(struct reader *r, struct nw_entries *v)
{
    int result = read_list(r, NW_BATCH_RECORDS, sizeof *v->v, &v->v, &v->n);

    for (size_t i = 0, n; result == 0 && i < v->n; i++) {
        struct nw_entry *entry = &v->v[i];
        if (!read_tuple(r, 3, &n) || !nw_unpack_uint(&r->in, &entry->jseq) || !nw_unpack_uint(&r->in, &entry->sub) ||
            !read_size(r, &entry->size) || !read_lane(r, &n, &entry->lane) || !skip(r, n))
            result = NW_BAD_HEADER;
    }
    return result;
}

static int read_RESULTS(struct reader *r, struct nw_results *v)
{
    int result = read_list(r, NW_BATCH_RECORDS, sizeof *v->v, &v->v, &v->n);

    for (size_t i = 0, n; result == 0 && i < v->n; i++) {
        struct nw_result *one = &v->v[i];
        uint64_t outcome;
        if (!read_tuple(r, 1, &n) || !nw_unpack_uint(&r->in, &outcome) || outcome > NW_AGAIN)
            return NW_BAD_HEADER;
        one->outcome = (enum nw_outcome)outcome;
        n--;
        if (one->outcome != NW_AGAIN) {
            if (n-- < 1)
                return NW_BAD_HEADER;
            result = one->outcome == NW_OUTPUTS ? read_SIZES(r, &one->outputs) : read_STR(r, &one->reason);
        }
        if (result == 0 && !skip(r, n))
            result = NW_BAD_HEADER;
    }
    return result;
}

static int read_REJECTS(struct reader *r, struct nw_rejects *v)
{
    int result = read_list(r, NW_BATCH_RECORDS, sizeof *v->v, &v->v, &v->n);

    for (size_t i = 0, n; result == 0 && i < v->n; i++) {
        if (!read_tuple(r, 2, &n) || !nw_unpack_uint(&r->in, &v->v[i].fseq) || read_STR(r, &v->v[i].why) != 0 ||
            !skip(r, n - 2))
            result = NW_BAD_HEADER;
    }
    return result;
}

static int read_PAGE(struct reader *r, struct nw_page_entries *v)
{
    int result = read_list(r, NW_BATCH_RECORDS, sizeof *v->v, &v->v, &v->n);

    for (size_t i = 0, n; result == 0 && i < v->n; i++) {
        if (!read_tuple(r, 2, &n) || !nw_unpack_uint(&r->in, &v->v[i].oseq) || !read_size(r, &v->v[i].size) ||
            !skip(r, n - 2))
            result = NW_BAD_HEADER;
    }
    return result;
}

static int read_NUMBERS(struct reader *r, struct nw_numbers *v)
{
    int result = read_list(r, NW_BATCH_RECORDS, sizeof *v->v, &v->v, &v->n);

    for (size_t i = 0; result == 0 && i < v->n; i++)
        result = nw_unpack_uint(&r->in, &v->v[i]) ? 0 : NW_BAD_HEADER;
    return result;
}

static int read_INDEXES(struct reader *r, struct nw_numbers *v)
{
    return read_NUMBERS(r, v);
}

/* Which kinds may be missing at the end of a header. */
enum {
    MAY_MISS_U64 = false,
    MAY_MISS_STR = false,
    MAY_MISS_MARK = false,
    MAY_MISS_SIZES = false,
    MAY_MISS_ENTRIES = false,
    MAY_MISS_RESULTS = false,
    MAY_MISS_REJECTS = false,
    MAY_MISS_PAGE = false,
    MAY_MISS_NUMBERS = false,
    MAY_MISS_INDEXES = true,
};

/* Fields are read while `left` elements are there; what is wrong is said with the field's name. */
#define READ_ONE(kind, member)                                                                                         \
    if (result == 0 && left > 0) {                                                                                     \
        field = #member;                                                                                               \
        left--;                                                                                                        \
        result = read_##kind(r, &h->member);                                                                           \
    } else if (result == 0 && !MAY_MISS_##kind) {                                                                      \
        field = #member;                                                                                               \
        result = NW_BAD_HEADER;                                                                                        \
    }
#define READER(number, NAME, name)                                                                                     \
    static int read_##name(struct reader *r, struct nw_##name##_header *h, int64_t left, char why[NW_WHY])             \
    {                                                                                                                  \
        const char *field = "";                                                                                        \
        int result = 0;                                                                                                \
        (void)h;                                                                                                       \
        NW_##NAME##_FIELDS(READ_ONE);                                                                                  \
        if (result == 0 && !skip(r, (size_t)left))                                                                     \
            result = NW_BAD_HEADER;                                                                                    \
        if (result == NW_BAD_HEADER)                                                                                   \
            snprintf(why, NW_WHY, #NAME ": %s is missing or not as stages/PROTOCOL.md has it", field);                 \
        return result;                                                                                                 \
    }
NW_MESSAGES(READER)

int nw_header_decode(struct nw_arena *arena, struct nw_str bytes, struct nw_header *header, char why[NW_WHY])
{
    struct reader r = {.in = nw_unpack(bytes), .arena = arena};
    uint64_t version, type;
    size_t n;
    int result = NW_BAD_HEADER;

    *header = (struct nw_header){0};
    if (bytes.n > NW_HEADER_MAX || !nw_unpack_array(&r.in, &n) || n < 3 || !nw_unpack_uint(&r.in, &version) ||
        !nw_unpack_uint(&r.in, &type) || !nw_unpack_uint(&r.in, &header->epoch)) {
        snprintf(why, NW_WHY, "expected a header, an array of version, type, epoch and more");
        return NW_BAD_HEADER;
    }
    if (version != NW_PROTOCOL_VERSION) {
        snprintf(why, NW_WHY, "speaks version %llu of the protocol; this is version %d: update the older side",
                 (unsigned long long)version, NW_PROTOCOL_VERSION);
        return NW_BAD_HEADER;
    }
    switch (type) {
#define DECODE(number, NAME, name)                                                                                     \
    case NW_##NAME:                                                                                                    \
        header->type = NW_##NAME;                                                                                      \
        result = read_##name(&r, &header->name, (int64_t)n - 3, why);                                                  \
        break;
        NW_MESSAGES(DECODE)
    default:
        snprintf(why, NW_WHY, "type %llu is no message of this protocol", (unsigned long long)type);
        return NW_BAD_HEADER;
    }
    if (result == 0 && r.in.at != r.in.end) {
        snprintf(why, NW_WHY, "%s: bytes stand behind the header", nw_message_name(header->type));
        result = NW_BAD_HEADER;
    }
    return result;
}

bool nw_header_fits(const struct nw_header *header, size_t body)
{
    size_t sum = 0;

    switch (header->type) {
    case NW_WORK:
        for (size_t i = 0; i < header->work.entries.n; i++)
            sum += header->work.entries.v[i].size;
        break;
    case NW_SUBMIT:
        for (size_t i = 0; i < header->submit.sizes.n; i++)
            sum += header->submit.sizes.v[i];
        break;
    case NW_DONE:
        for (size_t i = 0; i < header->done.results.n; i++) {
            const struct nw_sizes *outputs = &header->done.results.v[i].outputs;
            for (size_t j = 0; j < outputs->n; j++)
                sum += outputs->v[j];
        }
        break;
    case NW_PAGE:
        for (size_t i = 0; i < header->page.entries.n; i++)
            sum += header->page.entries.v[i].size;
        break;
    default:
        break;
    }
    return sum == body;
}
