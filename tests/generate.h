/*
 * Records at random, by the field tables: what a test knows of no field by name holds for all of them, new ones too.
 * The same seed gives the same record. Each is one that nw_record_decode accepts, and each but its `raw` passes through
 * JSON unchanged: text is UTF-8 without NUL (with quotes, control characters and all lengths of code points), offsets
 * stand on code points of the body, start before end.
 *
 *     struct nw_record *record = nw_generate_record(&arena, seed);
 *
 * Running out of memory ends the program. All is static: a test includes this file and nothing is to be linked.
 */
#ifndef NW_TESTS_GENERATE_H
#define NW_TESTS_GENERATE_H

#include "record/fields.h"
#include "record/pack.h"

#include <newswire/utf8.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct nw_generator {
    struct nw_arena *arena;
    uint64_t state; /* xorshift64's, not 0 */
    struct nw_str body;
};

static inline uint64_t nw_generate_u64(struct nw_generator *g)
{
    g->state ^= g->state << 13;
    g->state ^= g->state >> 7;
    g->state ^= g->state << 17;
    return g->state * UINT64_C(0x2545f4914f6cdd1d); /* xorshift64*: the low bits are good too */
}

/* 0 … n-1. */
static inline size_t nw_generate_below(struct nw_generator *g, size_t n)
{
    return (size_t)(nw_generate_u64(g) >> 16) % n;
}

static inline void *nw_generate_memory(struct nw_generator *g, size_t size, size_t count)
{
    void *p = nw_arena_array(g->arena, size, count);

    if (!p) {
        fputs("generate: out of memory\n", stderr);
        abort();
    }
    return p;
}

static inline uint32_t nw_generate_code_point(struct nw_generator *g)
{
    static const char marks[] = "\"\\\n\r\t\b\f\x01\x1f\x7f/<>&'{}[]:, ";
    uint32_t c;

    switch (nw_generate_below(g, 16)) {
    case 0:
        return (unsigned char)marks[nw_generate_below(g, sizeof marks - 1)];
    case 1:
        return 0x80 + (uint32_t)nw_generate_below(g, 0x780);
    case 2:
        c = 0x800 + (uint32_t)nw_generate_below(g, 0xf800);
        return c >= 0xd800 && c < 0xe000 ? 0x20ac : c;
    case 3:
        return 0x10000 + (uint32_t)nw_generate_below(g, 0x100000);
    default:
        return (unsigned char)"etaoin shrdlu cmfwyp"[nw_generate_below(g, 20)];
    }
}

/* At most `most` code points; one in two texts is ASCII letters only, the common case. */
static inline struct nw_str nw_generate_text(struct nw_generator *g, size_t most)
{
    size_t count = nw_generate_below(g, most + 1), n = 0;
    char *p = nw_generate_memory(g, 1, count * 4 + 1);
    bool plain = nw_generate_below(g, 2);

    while (count--) {
        if (plain)
            p[n++] = "etaoin shrdlu cmfwyp"[nw_generate_below(g, 20)];
        else
            n += nw_utf8_put(p + n, nw_generate_code_point(g));
    }
    return nw_str(p, n);
}

static inline double nw_generate_number(struct nw_generator *g)
{
    uint64_t bits = nw_generate_u64(g);
    double d;

    switch (nw_generate_below(g, 4)) {
    case 0:
        return (double)nw_generate_below(g, 1001) / 1000;
    case 1:
        return (double)((int64_t)bits >> nw_generate_below(g, 64));
    case 2:
        return (double)(bits >> 11) / 9007199254740992.0; /* 2^53: all of 0 … 1 */
    default:
        memcpy(&d, &bits, sizeof d);
        return isfinite(d) ? d : 0;
    }
}

/* Appends one value of at most `most` scalars. */
static inline void nw_generate_value(struct nw_generator *g, struct nw_buf *out, size_t most)
{
    size_t open = 1, depth = 0, n;

    for (; open; open--) {
        switch (nw_generate_below(g, most > open && depth < 6 ? 8 : 6)) {
        case 0:
            if (depth)
                nw_pack_nil(out);
            else
                nw_pack_bool(out, true); /* nil alone would say that nothing is there */
            break;
        case 1:
            nw_pack_bool(out, nw_generate_below(g, 2));
            break;
        case 2:
            nw_pack_int(out, (int64_t)nw_generate_u64(g) >> nw_generate_below(g, 64));
            break;
        case 3:
            nw_pack_num(out, nw_generate_number(g));
            break;
        case 6: /* what follows belongs to the innermost container, so open counts all */
            n = nw_generate_below(g, 4);
            nw_pack_array(out, n);
            open += n;
            depth++;
            break;
        case 7:
            nw_pack_map(out, 1);
            nw_pack_str(out, NW_S("k"));
            open++;
            depth++;
            break;
        default:
            nw_pack_str(out, nw_generate_text(g, 12));
            break;
        }
    }
}

static inline struct nw_str nw_generate_any(struct nw_generator *g)
{
    struct nw_buf out;
    struct nw_str made;

    nw_buf_init(&out, 1 << 16);
    nw_generate_value(g, &out, 12);
    made = nw_arena_dup(g->arena, nw_buf_view(&out));
    if (out.error || !made.p)
        abort();
    nw_buf_free(&out);
    return made;
}

static inline size_t nw_generate_position(struct nw_generator *g, size_t least)
{
    return nw_utf8_floor(g->body, least + nw_generate_below(g, g->body.n - least + 1));
}

static inline struct nw_spans nw_generate_spans(struct nw_generator *g)
{
    struct nw_spans spans = {.n = nw_generate_below(g, 6)};
    size_t at = 0;

    spans.v = nw_generate_memory(g, sizeof *spans.v, spans.n);
    for (size_t i = 0; i < spans.n; i++) {
        spans.v[i].start = at = nw_generate_position(g, at);
        spans.v[i].end = at = nw_generate_position(g, at);
    }
    return spans;
}

static inline void nw_generate_object(struct nw_generator *g, const struct nw_type *type, void *object);

/* `least` is the least that an offset may be: the end of a mention is not before its start. */
static inline void nw_generate_member(struct nw_generator *g, const struct nw_field *field, void *object, size_t *least)
{
    void *member = nw_member_mut(field, object);
    struct nw_list list = {.n = nw_generate_below(g, 4)};

    switch ((enum nw_kind)field->kind) {
    case NW_KIND_STR:
    case NW_KIND_BIN:
        *(struct nw_str *)member = nw_generate_text(g, 40);
        break;
    case NW_KIND_INT:
        *(int64_t *)member = (int64_t)nw_generate_u64(g) >> nw_generate_below(g, 64);
        break;
    case NW_KIND_NUM:
        *(double *)member = nw_generate_number(g);
        break;
    case NW_KIND_BOOL:
        *(bool *)member = nw_generate_below(g, 2);
        break;
    case NW_KIND_TIME:
        *(int64_t *)member =
            NW_TIME_FIRST + (int64_t)(nw_generate_u64(g) % (uint64_t)(NW_TIME_LAST - NW_TIME_FIRST + 1));
        break;
    case NW_KIND_POS:
        *(size_t *)member = *least = nw_generate_position(g, *least);
        break;
    case NW_KIND_POINT:
        *(struct nw_point *)member = (struct nw_point){.lon = (double)nw_generate_below(g, 3600001) / 1e4 - 180,
                                                       .lat = (double)nw_generate_below(g, 1800001) / 1e4 - 90};
        break;
    case NW_KIND_SPANS:
        *(struct nw_spans *)member = nw_generate_spans(g);
        break;
    case NW_KIND_OBJ:
        list.v = nw_generate_memory(g, nw_types[field->type].size, 1);
        memcpy(member, &list.v, sizeof list.v);
        nw_generate_object(g, &nw_types[field->type], list.v);
        break;
    case NW_KIND_LIST:
        list.v = nw_generate_memory(g, nw_types[field->type].size, list.n);
        memcpy(member, &list, sizeof list);
        for (size_t i = 0; i < list.n; i++)
            nw_generate_object(g, &nw_types[field->type], (char *)list.v + i * nw_types[field->type].size);
        break;
    case NW_KIND_ANY:
        *(struct nw_str *)member = nw_generate_any(g);
        break;
    case NW_KIND_COUNT:
        break;
    }
}

static inline void nw_generate_object(struct nw_generator *g, const struct nw_type *type, void *object)
{
    struct nw_head *head = object;
    size_t least = 0, extras = nw_generate_below(g, 4) ? 0 : nw_generate_below(g, 4);

    for (size_t i = 0; i < type->count; i++) {
        const struct nw_field *field = &type->fields[i];
        if (field->need || nw_generate_below(g, 2)) {
            head->has |= field->bit;
            nw_generate_member(g, field, object, &least);
        }
    }
    for (size_t i = 0; i < extras; i++) {
        struct nw_extra *extra = nw_generate_memory(g, sizeof *extra, 1);
        extra->key = nw_arena_printf(g->arena, "x-%zu%s", i, i & 1 ? "\"é\n" : "");
        extra->value = nw_generate_any(g);
        extra->next = head->extra;
        head->extra = extra;
    }
}

static inline struct nw_record *nw_generate_record(struct nw_arena *arena, uint64_t seed)
{
    struct nw_generator g = {.arena = arena, .state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15) | 1};
    struct nw_record *record = nw_generate_memory(&g, sizeof *record, 1);
    struct nw_text *body = nw_generate_memory(&g, sizeof *body, 1);

    /* The body comes first, for offsets are into it. One record in eight has none: there all offsets are 0. */
    g.body = nw_generate_below(&g, 8) ? nw_generate_text(&g, 400) : nw_str("", 0);
    nw_generate_object(&g, &nw_types[NW_TYPE_record], record);
    nw_generate_object(&g, &nw_types[NW_TYPE_text], body);
    NW_SET(text, body, value, g.body);
    if (g.body.n)
        NW_SET(record, record, bodies, (struct nw_text_list){.v = body, .n = 1});
    else
        NW_CLEAR(record, record, bodies);
    return record;
}

#endif
