/* The tables of fields.h, made of the X-macro lists of record_fields.h. */
#include "record/fields.h"
#include "record/any.h"

#include <math.h>

#define NEED 1
#define MAY  0

#define FIELD(owner, kind_, member, key_, type_, need_, doc_)                                                          \
    {.key = key_,                                                                                                      \
     .key_size = sizeof(key_) - 1,                                                                                     \
     .kind = NW_KIND_##kind_,                                                                                          \
     .type = NW_TYPE_##type_,                                                                                          \
     .need = need_,                                                                                                    \
     .offset = offsetof(struct nw_##owner, member),                                                                    \
     .bit = NW_BIT(owner, member),                                                                                     \
     .doc = doc_},
#define FIELD_TABLE(type, FIELDS)                                                                                      \
    static const struct nw_field type##_fields[] = {FIELDS(FIELD, type)};                                              \
    _Static_assert(sizeof type##_fields / sizeof *type##_fields <= 64, "a struct has at most 64 fields");              \
    _Static_assert(offsetof(struct nw_##type, has) == offsetof(struct nw_head, has), "as nw_head");                    \
    _Static_assert(offsetof(struct nw_##type, extra) == offsetof(struct nw_head, extra), "as nw_head");                \
    _Static_assert(sizeof(struct nw_##type##_list) == sizeof(struct nw_list), "as nw_list");
#define KEY_CHECK(owner, kind, member, key, type, need, doc)                                                           \
    _Static_assert(sizeof(key) - 1 <= NW_KEY_MAX, "a key has at most NW_KEY_MAX bytes");
#define KEY_CHECKS(type, FIELDS) FIELDS(KEY_CHECK, type)

NW_RECORD_TYPES(FIELD_TABLE)
NW_RECORD_TYPES(KEY_CHECKS)

#define NEED_BIT(owner, kind, member, key, type, need, doc) | (need ? NW_BIT(owner, member) : 0)
#define TYPE(type, FIELDS)                                                                                             \
    {.name = #type,                                                                                                    \
     .fields = type##_fields,                                                                                          \
     .count = sizeof type##_fields / sizeof *type##_fields,                                                            \
     .size = sizeof(struct nw_##type),                                                                                 \
     .need = 0 FIELDS(NEED_BIT, type)},
const struct nw_type nw_types[NW_TYPE_COUNT] = {NW_RECORD_TYPES(TYPE)};

#define KIND_NAME(kind, expected, msgpack, json)     #kind,
#define KIND_EXPECTED(kind, expected, msgpack, json) expected,
#define KIND_MSGPACK(kind, expected, msgpack, json)  msgpack,
#define KIND_JSON(kind, expected, msgpack, json)     json,
const char *const nw_kind_name[NW_KIND_COUNT] = {NW_KINDS(KIND_NAME)};
const char *const nw_kind_expected[NW_KIND_COUNT] = {NW_KINDS(KIND_EXPECTED)};
const char *const nw_kind_msgpack[NW_KIND_COUNT] = {NW_KINDS(KIND_MSGPACK)};
const char *const nw_kind_json[NW_KIND_COUNT] = {NW_KINDS(KIND_JSON)};

bool nw_point_good(struct nw_point point)
{
    return point.lon >= -180 && point.lon <= 180 && point.lat >= -90 && point.lat <= 90; /* false for NaN */
}

bool nw_present(const struct nw_field *field, const void *object)
{
    const void *member = nw_member(field, object);

    if (!(((const struct nw_head *)object)->has & field->bit))
        return false;
    switch ((enum nw_kind)field->kind) {
    case NW_KIND_NUM:
        return isfinite(*(const double *)member);
    case NW_KIND_TIME:
        return nw_time_good(*(const int64_t *)member);
    case NW_KIND_POINT:
        return nw_point_good(*(const struct nw_point *)member);
    case NW_KIND_OBJ:
        return nw_member_object(field, object) != NULL;
    case NW_KIND_ANY:
        return nw_any_stands(*(const struct nw_str *)member);
    default:
        return true;
    }
}

const struct nw_field *nw_field_find(const struct nw_type *type, size_t *next, struct nw_str key)
{
    size_t at = *next;

    for (size_t i = 0; i < type->count; i++, at++) {
        const struct nw_field *field = &type->fields[at < type->count ? at : (at = 0)];
        if (field->key_size == key.n && memcmp(field->key, key.p, key.n) == 0) {
            *next = at + 1;
            return field;
        }
    }
    return NULL;
}

const struct nw_field *nw_field_missing(const struct nw_type *type, uint64_t has)
{
    for (size_t i = 0; (type->need & ~has) && i < type->count; i++) {
        if (type->fields[i].need && !(has & type->fields[i].bit))
            return &type->fields[i];
    }
    return NULL;
}
