/* Making records by hand: a new one, its body and headline, its lists, its dates' precision. */
#include "record/any.h"
#include "record/fields.h"
#include "record/pack.h"
#include "record/unpack.h"

#include <newswire/utf8.h>

#include <errno.h>

enum { LIST_FIRST = 4 };

struct nw_record *nw_record_new(struct nw_arena *arena)
{
    struct nw_record *record = NW_ARENA_NEW(arena, struct nw_record, 1);
    struct nw_source *source = NW_ARENA_NEW(arena, struct nw_source, 1);

    if (!record || !source)
        return NULL;
    NW_SET(record, record, source, source);
    return record;
}

/* The first element of role main, else the first; NULL for none. */
static const struct nw_text *main_text(const struct nw_text_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        if (NW_HAS(text, &list->v[i], role) && nw_str_eq(list->v[i].role, NW_S("main")))
            return &list->v[i];
    }
    return list->n ? &list->v[0] : NULL;
}

struct nw_str nw_record_body(const struct nw_record *record)
{
    bool stands = NW_HAS(record, record, bodies) && record->bodies.n && NW_HAS(text, &record->bodies.v[0], value);

    return stands ? record->bodies.v[0].value : nw_str(NULL, 0);
}

struct nw_str nw_record_headline(const struct nw_record *record)
{
    const struct nw_text *text = NW_HAS(record, record, headlines) ? main_text(&record->headlines) : NULL;

    return text && NW_HAS(text, text, value) ? text->value : nw_str(NULL, 0);
}

static bool is_space(uint32_t c)
{
    if (c < 0x80)
        return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x1f);
    return c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
           c == 0x202f || c == 0x205f || c == 0x3000;
}

/* Runs of what is no white space. */
static size_t count_words(struct nw_str text)
{
    size_t words = 0;
    bool within = false;

    for (size_t at = 0; at < text.n;) {
        unsigned char c = (unsigned char)text.p[at];
        bool space;
        if (c < 0x80) {
            space = is_space(c);
            at++;
        } else {
            space = is_space(nw_utf8_next(text, &at));
        }
        words += !space && !within;
        within = !space;
    }
    return words;
}

int nw_record_set_body(struct nw_arena *arena, struct nw_record *record, struct nw_str text)
{
    struct nw_text *body = NW_ARENA_NEW(arena, struct nw_text, 1);

    if (!body)
        return -ENOMEM;
    NW_SET(text, body, role, NW_S("main"));
    NW_SET(text, body, content_type, NW_S("text/plain"));
    NW_SET(text, body, char_count, (int64_t)nw_utf8_count(text));
    NW_SET(text, body, word_count, (int64_t)count_words(text));
    NW_SET(text, body, value, text);
    NW_SET(record, record, bodies, (struct nw_text_list){.v = body, .n = 1, .room = 1});
    return 0;
}

int nw_record_set_headline(struct nw_arena *arena, struct nw_record *record, struct nw_str text)
{
    struct nw_text *headline = NW_ARENA_NEW(arena, struct nw_text, 1);

    if (!headline)
        return -ENOMEM;
    NW_SET(text, headline, role, NW_S("main"));
    NW_SET(text, headline, value, text);
    NW_SET(record, record, headlines, (struct nw_text_list){.v = headline, .n = 1, .room = 1});
    return 0;
}

void *nw_list_append(struct nw_arena *arena, void *list, size_t size)
{
    struct nw_list l;
    void *element;

    memcpy(&l, list, sizeof l);
    if (l.n >= l.room) {
        size_t room = l.n < LIST_FIRST ? LIST_FIRST : l.n * 2;
        void *v = room <= SIZE_MAX / 2 / size ? nw_arena_grow(arena, l.v, l.n * size, room * size) : NULL;
        if (!v)
            return NULL;
        l.v = v;
        l.room = room;
    }
    element = memset((char *)l.v + l.n * size, 0, size);
    l.n++;
    memcpy(list, &l, sizeof l);
    return element;
}

/* Writes the map `old` (any bytes: what is no map with text keys counts as empty) with key set to value. */
static void put_precision(struct nw_buf *out, struct nw_str old, struct nw_str key, struct nw_str value)
{
    struct nw_unpack in = nw_unpack(old), pairs;
    struct nw_str name, kept;
    size_t count = 0, others = 0;

    if (nw_any_fault(old, 0) || !nw_unpack_map(&in, &count))
        count = 0;
    pairs = in;
    for (size_t i = 0; i < count && nw_unpack_str(&in, &name) && nw_unpack_skip(&in, &kept); i++)
        others += !nw_str_eq(name, key);
    nw_pack_map(out, others + 1);
    for (size_t i = 0; i < count && nw_unpack_str(&pairs, &name) && nw_unpack_skip(&pairs, &kept); i++) {
        if (!nw_str_eq(name, key)) {
            nw_pack_str(out, name);
            nw_pack_raw(out, kept);
        }
    }
    nw_pack_str(out, key);
    nw_pack_str(out, value);
}

int nw_record_set_precision(struct nw_arena *arena, struct nw_record *record, const char *key, const char *value)
{
    struct nw_source *source = NW_HAS(record, record, source) ? record->source : NULL;
    struct nw_str old = nw_str(NULL, 0), made = old;
    struct nw_buf out;

    if (!source) {
        if (!(source = NW_ARENA_NEW(arena, struct nw_source, 1)))
            return -ENOMEM;
        NW_SET(record, record, source, source);
    }
    if (NW_HAS(source, source, precision))
        old = source->precision;
    nw_buf_init(&out, NW_RECORD_MAX);
    put_precision(&out, old, nw_str_z(key), nw_str_z(value));
    if (!out.error)
        made = nw_arena_dup(arena, nw_buf_view(&out));
    nw_buf_free(&out);
    if (!made.p)
        return -ENOMEM;
    NW_SET(source, source, precision, made);
    return 0;
}
