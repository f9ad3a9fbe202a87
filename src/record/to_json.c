/* A record as JSON, straight into the buffer: see nw_record_to_json. Recurses over types only (see fields.h). */
#include "record/any.h"
#include "record/fields.h"
#include "record/json_put.h"
#include "record/positions.h"
#include "record/put.h"

struct writer {
    struct nw_buf *out;
    struct nw_positions positions; /* of the first body */
};

static void put_position(struct writer *w, size_t bytes)
{
    nw_json_put_uint(w->out, nw_positions_points(&w->positions, bytes));
}

static void put_point(struct nw_buf *out, struct nw_point point)
{
    PUT(out, "{\"type\":\"Point\",\"coordinates\":[");
    nw_json_put_num(out, point.lon);
    put_char(out, ',');
    nw_json_put_num(out, point.lat);
    PUT(out, "]}");
}

static void put_spans(struct writer *w, struct nw_spans spans)
{
    put_char(w->out, '[');
    for (size_t i = 0; i < spans.n; i++) {
        if (i)
            put_char(w->out, ',');
        put_char(w->out, '[');
        put_position(w, spans.v[i].start);
        put_char(w->out, ',');
        put_position(w, spans.v[i].end);
        put_char(w->out, ']');
    }
    put_char(w->out, ']');
}

static void put_object(struct writer *w, const struct nw_type *type, const void *object);

static void put_list(struct writer *w, const struct nw_field *field, struct nw_list list)
{
    put_char(w->out, '[');
    for (size_t i = 0; i < list.n && !w->out->error; i++) {
        if (i)
            put_char(w->out, ',');
        put_object(w, &nw_types[field->type], nw_element(field, list, i));
    }
    put_char(w->out, ']');
}

static void put_member(struct writer *w, const struct nw_field *field, const void *object)
{
    const void *member = nw_member(field, object);
    struct nw_buf *out = w->out;

    switch ((enum nw_kind)field->kind) {
    case NW_KIND_STR:
        nw_json_put_text(out, *(const struct nw_str *)member);
        break;
    case NW_KIND_INT:
        nw_json_put_int(out, *(const int64_t *)member);
        break;
    case NW_KIND_NUM:
        nw_json_put_num(out, *(const double *)member);
        break;
    case NW_KIND_BOOL:
        put(out, *(const bool *)member ? "true" : "false", *(const bool *)member ? 4 : 5);
        break;
    case NW_KIND_TIME:
        nw_json_put_time(out, *(const int64_t *)member);
        break;
    case NW_KIND_POS:
        put_position(w, *(const size_t *)member);
        break;
    case NW_KIND_POINT:
        put_point(out, *(const struct nw_point *)member);
        break;
    case NW_KIND_SPANS:
        put_spans(w, *(const struct nw_spans *)member);
        break;
    case NW_KIND_OBJ:
        put_object(w, &nw_types[field->type], nw_member_object(field, object));
        break;
    case NW_KIND_LIST:
        put_list(w, field, nw_member_list(field, object));
        break;
    case NW_KIND_ANY:
        nw_any_to_json(*(const struct nw_str *)member, out);
        break;
    case NW_KIND_BIN:
    case NW_KIND_COUNT:
        break;
    }
}

static void put_object(struct writer *w, const struct nw_type *type, const void *object)
{
    struct nw_buf *out = w->out;
    bool more = false;

    put_char(out, '{');
    for (const struct nw_field *field = type->fields; field < type->fields + type->count; field++) {
        if (field->kind == NW_KIND_BIN || !nw_present(field, object))
            continue;
        if (more)
            put_char(out, ',');
        more = true;
        put_char(out, '"');
        put(out, field->key, field->key_size);
        PUT(out, "\":");
        put_member(w, field, object);
    }
    for (const struct nw_extra *extra = ((const struct nw_head *)object)->extra; extra; extra = extra->next) {
        if (!nw_any_stands(extra->value))
            continue;
        if (more)
            put_char(out, ',');
        more = true;
        nw_json_put_text(out, extra->key);
        put_char(out, ':');
        nw_any_to_json(extra->value, out);
    }
    put_char(out, '}');
}

int nw_record_to_json(const struct nw_record *record, struct nw_buf *out)
{
    struct writer w; /* not cleared: the marks of positions are 16 KiB */

    w.out = out;
    nw_positions_init(&w.positions, nw_record_body(record));
    put_object(&w, &nw_types[NW_TYPE_record], record);
    return out->error;
}
