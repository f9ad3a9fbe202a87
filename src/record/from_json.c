/*
 * A record out of JSON: see nw_record_from_json. jansson parses; before it does, one look over the bytes holds depth
 * and number of values against the bounds. The tree is then read by the tables, like msgpack in decode.c; text is
 * copied into the arena. Recurses over types only (see fields.h).
 */
#include "record/any.h"
#include "record/fields.h"
#include "record/json_any.h"
#include "record/path.h"
#include "record/positions.h"

#include <newswire/clock.h>

#include <errno.h>
#include <jansson.h>
#include <math.h>

struct reader {
    struct nw_arena *arena;
    char *why;
    struct nw_buf any; /* a value being turned into msgpack */
    struct nw_positions positions;
};

static int expected(struct reader *r, const struct nw_path *path, const char *what, const json_t *found)
{
    return nw_path_refuse(r->why, path, "expected %s, found %s", what, nw_json_name(found));
}

static int read_text(struct reader *r, const json_t *json, struct nw_str *text)
{
    *text = nw_arena_dup(r->arena, nw_str(json_string_value(json), json_string_length(json)));
    return text->p ? 0 : -ENOMEM;
}

/* A whole number, also where it is written as 3.0 or 3e2. */
static bool read_integer(const json_t *json, int64_t *value)
{
    double d = json_is_real(json) ? json_real_value(json) : 0;

    if (json_is_integer(json))
        *value = json_integer_value(json);
    else if (json_is_real(json) && fabs(d) <= 9007199254740992.0 && d == floor(d)) /* 2^53: exact */
        *value = (int64_t)d;
    else
        return false;
    return true;
}

static bool read_position(struct reader *r, const json_t *json, size_t *position)
{
    int64_t points;

    if (!read_integer(json, &points) || points < 0)
        return false;
    *position = nw_positions_bytes(&r->positions, (size_t)points);
    return true;
}

static bool read_time(const json_t *json, int64_t *ms)
{
    return json_is_string(json) && nw_time_parse(nw_str(json_string_value(json), json_string_length(json)), ms) &&
           nw_time_good(*ms);
}

static bool read_point(const json_t *json, struct nw_point *point)
{
    const char *type = json_string_value(json_object_get(json, "type"));
    const json_t *at = json_object_get(json, "coordinates");

    if (!type || strcmp(type, "Point") != 0 || json_array_size(at) < 2 || !json_is_number(json_array_get(at, 0)) ||
        !json_is_number(json_array_get(at, 1)))
        return false;
    *point = (struct nw_point){.lon = json_number_value(json_array_get(at, 0)),
                               .lat = json_number_value(json_array_get(at, 1))};
    return nw_point_good(*point);
}

static int read_spans(struct reader *r, const struct nw_path *path, const json_t *json, struct nw_spans *spans)
{
    if (!json_is_array(json))
        return expected(r, path, nw_kind_expected[NW_KIND_SPANS], json);
    *spans = (struct nw_spans){.n = json_array_size(json)};
    if (spans->n && !(spans->v = nw_arena_alloc(r->arena, spans->n * sizeof *spans->v)))
        return -ENOMEM;
    for (size_t i = 0; i < spans->n; i++) {
        const json_t *pair = json_array_get(json, i);
        struct nw_path here = {.up = path, .index = i};
        if (json_array_size(pair) != 2 || !read_position(r, json_array_get(pair, 0), &spans->v[i].start) ||
            !read_position(r, json_array_get(pair, 1), &spans->v[i].end))
            return expected(r, &here, "[start, end], two unsigned integers", pair);
    }
    return 0;
}

static int read_any(struct reader *r, const struct nw_path *path, const json_t *json, struct nw_str *value)
{
    nw_buf_clear(&r->any);
    nw_json_to_msgpack(json, &r->any);
    if (r->any.error == -EMSGSIZE)
        return nw_path_refuse(r->why, path, "expected at most %d bytes of msgpack, found more", NW_RECORD_MAX);
    if (r->any.error)
        return r->any.error;
    *value = nw_arena_dup(r->arena, nw_buf_view(&r->any));
    return value->p ? 0 : -ENOMEM;
}

static int read_object(struct reader *r, const struct nw_path *path, const struct nw_type *type, const json_t *json,
                       void *object);

static int read_list(struct reader *r, const struct nw_path *path, const struct nw_type *type, const json_t *json,
                     void *member)
{
    struct nw_list list = {.n = json_array_size(json)};
    int error = 0;

    if (!json_is_array(json))
        return expected(r, path, nw_kind_expected[NW_KIND_LIST], json);
    if (list.n && !(list.v = nw_arena_array(r->arena, type->size, list.n)))
        return -ENOMEM;
    list.room = list.n;
    memcpy(member, &list, sizeof list);
    for (size_t i = 0; i < list.n && !error; i++) {
        struct nw_path here = {.up = path, .index = i};
        error = read_object(r, &here, type, json_array_get(json, i), (char *)list.v + i * type->size);
    }
    return error;
}

static int read_pointer(struct reader *r, const struct nw_path *path, const struct nw_type *type, const json_t *json,
                        void *member)
{
    void *object = nw_arena_zalloc(r->arena, type->size);

    memcpy(member, &object, sizeof object);
    return object ? read_object(r, path, type, json, object) : -ENOMEM;
}

static int read_member(struct reader *r, const struct nw_path *path, const struct nw_field *field, const json_t *json,
                       void *object)
{
    void *member = nw_member_mut(field, object);
    bool good = false;

    switch ((enum nw_kind)field->kind) {
    case NW_KIND_STR:
        if (json_is_string(json))
            return read_text(r, json, member);
        break;
    case NW_KIND_BIN:
        return nw_path_refuse(r->why, path, "expected nothing, for bytes have no form in JSON, found %s",
                              nw_json_name(json));
    case NW_KIND_INT:
        good = read_integer(json, member);
        break;
    case NW_KIND_NUM:
        if ((good = json_is_number(json)))
            *(double *)member = json_number_value(json);
        break;
    case NW_KIND_BOOL:
        if ((good = json_is_boolean(json)))
            *(bool *)member = json_is_true(json);
        break;
    case NW_KIND_TIME:
        good = read_time(json, member);
        break;
    case NW_KIND_POS:
        good = read_position(r, json, member);
        break;
    case NW_KIND_POINT:
        good = read_point(json, member);
        break;
    case NW_KIND_SPANS:
        return read_spans(r, path, json, member);
    case NW_KIND_OBJ:
        return read_pointer(r, path, &nw_types[field->type], json, member);
    case NW_KIND_LIST:
        return read_list(r, path, &nw_types[field->type], json, member);
    case NW_KIND_ANY:
        return read_any(r, path, json, member);
    case NW_KIND_COUNT:
        break;
    }
    return good ? 0 : expected(r, path, nw_kind_expected[field->kind], json);
}

/* Keeps a pair that no list knows as msgpack; *last is where the next one goes. */
static int read_extra(struct reader *r, const struct nw_path *path, struct nw_str key, const json_t *json,
                      struct nw_extra ***last)
{
    struct nw_path here = {.up = path, .key = key};
    struct nw_extra *extra = NW_ARENA_NEW(r->arena, struct nw_extra, 1);

    if (!extra)
        return -ENOMEM;
    extra->key = nw_arena_dup(r->arena, key);
    if (!extra->key.p)
        return -ENOMEM;
    **last = extra;
    *last = &extra->next;
    return read_any(r, &here, json, &extra->value);
}

static int read_object(struct reader *r, const struct nw_path *path, const struct nw_type *type, const json_t *json,
                       void *object)
{
    struct nw_head *base = object;
    struct nw_extra **last = &base->extra;
    const struct nw_field *field;
    size_t next = 0, extras = 0;
    int error = 0;

    if (!json_is_object(json))
        return expected(r, path, "an object", json);
    /* jansson's iterators want a tree that may be changed; this one is ours alone. */
    json_t *tree = (json_t *)(uintptr_t)json;
    for (void *pair = json_object_iter(tree); pair && !error; pair = json_object_iter_next(tree, pair)) {
        struct nw_str key = nw_str(json_object_iter_key(pair), json_object_iter_key_len(pair));
        const json_t *value = json_object_iter_value(pair);
        if (!(field = nw_field_find(type, &next, key))) {
            if (++extras > NW_RECORD_EXTRAS)
                return nw_path_refuse(r->why, path, "expected at most %d unknown keys, found more", NW_RECORD_EXTRAS);
            error = read_extra(r, path, key, value, &last);
        } else if (!json_is_null(value)) {
            struct nw_path here = {.up = path, .key = key};
            base->has |= field->bit;
            error = read_member(r, &here, field, value, object);
        }
    }
    if (!error && (field = nw_field_missing(type, base->has))) {
        struct nw_path here = {.up = path, .key = nw_str(field->key, field->key_size)};
        return nw_path_refuse(r->why, &here, "expected %s, found nothing", nw_kind_expected[field->kind]);
    }
    return error;
}

/* Depth and number of values, of anything at all: jansson takes some 40 bytes for two of input, and recurses. */
static int check_bounds(char why[NW_WHY], struct nw_str json)
{
    size_t depth = 0, values = 0;
    bool text = false;

    if (json.n > NW_RECORD_MAX)
        return nw_path_refuse(why, NULL, "expected at most %d bytes, found %zu", NW_RECORD_MAX, json.n);
    for (size_t i = 0; i < json.n; i++) {
        char c = json.p[i];
        if (text) {
            i += c == '\\';
            text = c != '"';
            continue;
        }
        text = c == '"';
        depth += c == '[' || c == '{';
        depth -= (c == ']' || c == '}') && depth;
        values += c == ',' || c == ':' || c == '[' || c == '{';
        if (depth > NW_RECORD_DEPTH)
            return nw_path_refuse(why, NULL, "expected at most %d nested containers, found more at byte %zu",
                                  NW_RECORD_DEPTH, i);
        if (values > NW_RECORD_OBJECTS)
            return nw_path_refuse(why, NULL, "expected at most %d values, found more at byte %zu", NW_RECORD_OBJECTS,
                                  i);
    }
    return 0;
}

int nw_record_from_json(struct nw_arena *arena, struct nw_str json, struct nw_record **record, char why[NW_WHY])
{
    struct reader r = {.arena = arena, .why = why};
    struct nw_record *made;
    json_error_t fault;
    json_t *root;
    int error;

    *record = NULL;
    why[0] = '\0';
    if ((error = check_bounds(why, json)))
        return error;
    root = json_loadb(json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES, &fault);
    if (!root && json_error_code(&fault) == json_error_out_of_memory)
        return -ENOMEM;
    if (!root)
        return nw_path_refuse(why, NULL, "expected JSON, found at byte %d: %s", fault.position, fault.text);
    const json_t *body = json_object_get(json_array_get(json_object_get(root, "bodies"), 0), "value");
    nw_positions_init(&r.positions, nw_str(json_string_value(body), json_string_length(body)));
    nw_buf_init(&r.any, NW_RECORD_MAX);
    made = NW_ARENA_NEW(arena, struct nw_record, 1);
    error = made ? read_object(&r, NULL, &nw_types[NW_TYPE_record], root, made) : -ENOMEM;
    if (!error)
        *record = made;
    nw_buf_free(&r.any);
    json_decref(root);
    return error;
}
