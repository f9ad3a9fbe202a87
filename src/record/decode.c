/*
 * A record out of msgpack that nobody vouches for: see nw_record_decode. One pass with the bounded cursor; each length
 * and count is held against the bytes left and the bounds before memory is taken for it. Strings alias the input.
 * Recurses over types only (see fields.h): what no list knows is skipped without recursion.
 */
#include "record/any.h"
#include "record/fields.h"
#include "record/path.h"
#include "record/unpack.h"

#include <newswire/utf8.h>

#include <errno.h>
#include <math.h>

struct decoder {
    struct nw_unpack in;
    struct nw_arena *arena;
    char *why;
};

static int expected(struct decoder *d, const struct nw_path *path, const char *what)
{
    return nw_path_refuse(d->why, path, "expected %s, found %s", what, nw_unpack_found(&d->in));
}

static int check_text(struct decoder *d, const struct nw_path *path, struct nw_str text)
{
    size_t good = nw_utf8_valid(text);

    if (good == text.n)
        return 0;
    return nw_path_refuse(d->why, path, "expected UTF-8, which the text is not from byte %zu of %zu on", good, text.n);
}

/* Reads one value whose inside no list knows. */
static int decode_any(struct decoder *d, const struct nw_path *path, struct nw_str *value)
{
    struct nw_unpack before = d->in;
    const char *fault;

    if (!nw_unpack_skip(&d->in, value)) {
        d->in = before;
        return nw_path_refuse(d->why, path, "expected a value that nests at most %d deep and is whole, found %s",
                              NW_RECORD_DEPTH, nw_unpack_found(&d->in));
    }
    fault = nw_any_fault(*value, d->in.depth);
    return fault ? nw_path_refuse(d->why, path, "expected a value of UTF-8 and text keys, found %s", fault) : 0;
}

static int decode_spans(struct decoder *d, const struct nw_path *path, struct nw_spans *spans)
{
    size_t count, two;
    uint64_t start, end;

    if (!nw_unpack_array(&d->in, &count))
        return expected(d, path, nw_kind_expected[NW_KIND_SPANS]);
    *spans = (struct nw_spans){.n = count};
    if (count && !(spans->v = nw_arena_alloc(d->arena, count * sizeof *spans->v)))
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        struct nw_path here = {.up = path, .index = i};
        if (!nw_unpack_array(&d->in, &two))
            return expected(d, &here, "[start, end]");
        if (two != 2)
            return nw_path_refuse(d->why, &here, "expected [start, end], found %zu values", two);
        if (!nw_unpack_uint(&d->in, &start) || !nw_unpack_uint(&d->in, &end))
            return expected(d, &here, "an unsigned integer");
        spans->v[i] = (struct nw_span){.start = (size_t)start, .end = (size_t)end};
    }
    return 0;
}

static int decode_object(struct decoder *d, const struct nw_path *path, const struct nw_type *type, void *object);

static int decode_list(struct decoder *d, const struct nw_path *path, const struct nw_type *type, void *member)
{
    struct nw_list list = {.v = NULL};
    int error = 0;

    if (!nw_unpack_array(&d->in, &list.n))
        return expected(d, path, nw_kind_expected[NW_KIND_LIST]);
    if (list.n && !(list.v = nw_arena_array(d->arena, type->size, list.n)))
        return -ENOMEM;
    list.room = list.n;
    memcpy(member, &list, sizeof list);
    d->in.depth++;
    for (size_t i = 0; i < list.n && !error; i++) {
        struct nw_path here = {.up = path, .index = i};
        error = decode_object(d, &here, type, (char *)list.v + i * type->size);
    }
    d->in.depth--;
    return error;
}

static int decode_pointer(struct decoder *d, const struct nw_path *path, const struct nw_type *type, void *member)
{
    void *object = nw_arena_zalloc(d->arena, type->size);

    memcpy(member, &object, sizeof object);
    return object ? decode_object(d, path, type, object) : -ENOMEM;
}

static bool decode_point(struct nw_unpack *in, struct nw_point *point)
{
    size_t two;

    return nw_unpack_array(in, &two) && two == 2 && nw_unpack_num(in, &point->lon) && nw_unpack_num(in, &point->lat) &&
           nw_point_good(*point);
}

/* Reads the value of a field into its member. */
static int decode_member(struct decoder *d, const struct nw_path *path, const struct nw_field *field, void *object)
{
    void *member = nw_member_mut(field, object);
    struct nw_unpack before = d->in;
    struct nw_str *text = member;
    uint64_t position;
    bool good = false;

    switch ((enum nw_kind)field->kind) {
    case NW_KIND_STR:
        if ((good = nw_unpack_str(&d->in, text)))
            return check_text(d, path, *text);
        break;
    case NW_KIND_BIN:
        good = nw_unpack_bin(&d->in, text);
        break;
    case NW_KIND_INT:
        good = nw_unpack_int(&d->in, member);
        break;
    case NW_KIND_NUM:
        good = nw_unpack_num(&d->in, member) && isfinite(*(double *)member);
        break;
    case NW_KIND_BOOL:
        good = nw_unpack_bool(&d->in, member);
        break;
    case NW_KIND_TIME:
        good = nw_unpack_int(&d->in, member) && nw_time_good(*(int64_t *)member);
        break;
    case NW_KIND_POS:
        if ((good = nw_unpack_uint(&d->in, &position)))
            *(size_t *)member = (size_t)position;
        break;
    case NW_KIND_POINT:
        good = decode_point(&d->in, member);
        break;
    case NW_KIND_SPANS:
        return decode_spans(d, path, member);
    case NW_KIND_OBJ:
        return decode_pointer(d, path, &nw_types[field->type], member);
    case NW_KIND_LIST:
        return decode_list(d, path, &nw_types[field->type], member);
    case NW_KIND_ANY:
        return decode_any(d, path, text);
    case NW_KIND_COUNT:
        break;
    }
    if (good)
        return 0;
    d->in = before;
    return expected(d, path, nw_kind_expected[field->kind]);
}

/* Keeps a pair that no list knows, behind the ones before it. */
static int decode_extra(struct decoder *d, const struct nw_path *path, struct nw_extra **first, struct nw_str key)
{
    struct nw_path here = {.up = path, .key = key};
    struct nw_extra **last = first, *extra;
    size_t count = 0;
    int error = check_text(d, &here, key);

    for (; *last; last = &(*last)->next, count++) {
        if (nw_str_eq((*last)->key, key))
            return nw_path_refuse(d->why, &here, "expected each key once, found it twice");
    }
    if (count == NW_RECORD_EXTRAS)
        return nw_path_refuse(d->why, path, "expected at most %d unknown keys, found more", NW_RECORD_EXTRAS);
    if (error)
        return error;
    if (!(extra = nw_arena_alloc(d->arena, sizeof *extra)))
        return -ENOMEM;
    *extra = (struct nw_extra){.key = key};
    *last = extra;
    return decode_any(d, &here, &extra->value);
}

/* Reads a key: its field, or NULL for one that no list knows. Keys come in the order of the list mostly, so the next
 * field is tried first, at the cost of one comparison. */
static bool decode_key(struct nw_unpack *in, const struct nw_type *type, size_t *next, const struct nw_field **field,
                       struct nw_str *key)
{
    *field = &type->fields[*next];
    if (*next < type->count && nw_unpack_key(in, (*field)->key, (*field)->key_size)) {
        ++*next;
        return true;
    }
    if (!nw_unpack_str(in, key))
        return false;
    *field = nw_field_find(type, next, *key);
    return true;
}

static int decode_object(struct decoder *d, const struct nw_path *path, const struct nw_type *type, void *object)
{
    struct nw_head *base = object;
    const struct nw_field *field;
    uint64_t seen = 0;
    size_t pairs, next = 0;
    int error = 0;

    if (!nw_unpack_map(&d->in, &pairs))
        return expected(d, path, "a map");
    d->in.depth++;
    for (; pairs && !error; pairs--) {
        struct nw_str key;
        if (!decode_key(&d->in, type, &next, &field, &key))
            return expected(d, path, "a text key");
        if (!field) {
            error = decode_extra(d, path, &base->extra, key);
            continue;
        }
        struct nw_path here = {.up = path, .key = nw_str(field->key, field->key_size)};
        if (seen & field->bit)
            return nw_path_refuse(d->why, &here, "expected each key once, found it twice");
        seen |= field->bit;
        if (nw_unpack_nil(&d->in))
            continue;
        base->has |= field->bit;
        error = decode_member(d, &here, field, object);
    }
    d->in.depth--;
    if (!error && (field = nw_field_missing(type, base->has))) {
        struct nw_path here = {.up = path, .key = nw_str(field->key, field->key_size)};
        return nw_path_refuse(d->why, &here, "expected %s, found nothing", nw_kind_expected[field->kind]);
    }
    return error;
}

int nw_record_decode(struct nw_arena *arena, struct nw_str bytes, struct nw_record **record, char why[NW_WHY])
{
    struct decoder d = {.in = nw_unpack(bytes), .arena = arena, .why = why};
    int error;

    *record = NULL;
    why[0] = '\0';
    if (bytes.n > NW_RECORD_MAX)
        return nw_path_refuse(why, NULL, "expected at most %d bytes, found %zu", NW_RECORD_MAX, bytes.n);
    struct nw_record *made = nw_arena_zalloc(arena, sizeof *made);
    if (!made)
        return -ENOMEM;
    error = decode_object(&d, NULL, &nw_types[NW_TYPE_record], made);
    if (!error && d.in.at != d.in.end)
        error = nw_path_refuse(why, NULL, "expected nothing behind it, found %zu bytes", (size_t)(d.in.end - d.in.at));
    if (!error)
        *record = made;
    return error;
}
