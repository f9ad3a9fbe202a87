/* A record as msgpack: see nw_record_encode. Recurses over types only (see fields.h). */
#include "record/any.h"
#include "record/fields.h"
#include "record/pack.h"

static void encode_object(struct nw_buf *out, const struct nw_type *type, const void *object);

static void encode_spans(struct nw_buf *out, struct nw_spans spans)
{
    nw_pack_array(out, spans.n);
    for (size_t i = 0; i < spans.n; i++) {
        nw_pack_array(out, 2);
        nw_pack_uint(out, spans.v[i].start);
        nw_pack_uint(out, spans.v[i].end);
    }
}

static void encode_list(struct nw_buf *out, const struct nw_field *field, struct nw_list list)
{
    nw_pack_array(out, list.n);
    for (size_t i = 0; i < list.n && !out->error; i++)
        encode_object(out, &nw_types[field->type], nw_element(field, list, i));
}

static void encode_member(struct nw_buf *out, const struct nw_field *field, const void *object)
{
    const void *member = nw_member(field, object);
    const struct nw_str *text = member;
    const struct nw_point *point = member;

    switch ((enum nw_kind)field->kind) {
    case NW_KIND_STR:
        nw_pack_str(out, *text);
        break;
    case NW_KIND_BIN:
        nw_pack_bin(out, *text);
        break;
    case NW_KIND_INT:
    case NW_KIND_TIME:
        nw_pack_int(out, *(const int64_t *)member);
        break;
    case NW_KIND_NUM:
        nw_pack_num(out, *(const double *)member);
        break;
    case NW_KIND_BOOL:
        nw_pack_bool(out, *(const bool *)member);
        break;
    case NW_KIND_POS:
        nw_pack_uint(out, *(const size_t *)member);
        break;
    case NW_KIND_POINT:
        nw_pack_array(out, 2);
        nw_pack_num(out, point->lon);
        nw_pack_num(out, point->lat);
        break;
    case NW_KIND_SPANS:
        encode_spans(out, *(const struct nw_spans *)member);
        break;
    case NW_KIND_OBJ:
        encode_object(out, &nw_types[field->type], nw_member_object(field, object));
        break;
    case NW_KIND_LIST:
        encode_list(out, field, nw_member_list(field, object));
        break;
    case NW_KIND_ANY:
        nw_pack_raw(out, *text);
        break;
    case NW_KIND_COUNT:
        break;
    }
}

static void encode_object(struct nw_buf *out, const struct nw_type *type, const void *object)
{
    const struct nw_field *const end = type->fields + type->count;
    const struct nw_extra *const extras = ((const struct nw_head *)object)->extra;
    uint64_t stand = 0;
    size_t count = 0;

    for (const struct nw_field *field = type->fields; field < end; field++) {
        if (nw_present(field, object)) {
            stand |= field->bit;
            count++;
        }
    }
    for (const struct nw_extra *extra = extras; extra; extra = extra->next)
        count += nw_any_stands(extra->value);
    nw_pack_map(out, count);
    for (const struct nw_field *field = type->fields; field < end; field++) {
        if (stand & field->bit) {
            nw_pack_str(out, nw_str(field->key, field->key_size));
            encode_member(out, field, object);
        }
    }
    for (const struct nw_extra *extra = extras; extra; extra = extra->next) {
        if (nw_any_stands(extra->value)) {
            nw_pack_str(out, extra->key);
            nw_pack_raw(out, extra->value);
        }
    }
}

int nw_record_encode(const struct nw_record *record, struct nw_buf *out)
{
    encode_object(out, &nw_types[NW_TYPE_record], record);
    return out->error;
}
