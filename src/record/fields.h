/*
 * The field lists of record_fields.h as tables that the codecs walk: one descriptor a field, so that no code knows a
 * field by name and a new field is one line in its list. Types nest no deeper than the lists say (a list may only name
 * types before it), so code that recurses over types is bounded by the tables, whatever the input.
 */
#ifndef NW_RECORD_FIELDS_TABLE_H
#define NW_RECORD_FIELDS_TABLE_H

#include <newswire/record.h>

/* K(kind, what a reader expects, in msgpack, in JSON) */
#define NW_KINDS(K)                                                                                                    \
    K(STR, "text", "str", "string")                                                                                    \
    K(BIN, "bytes", "bin", "not in JSON")                                                                              \
    K(INT, "an integer of 64 bits", "int", "number")                                                                   \
    K(NUM, "a finite number", "float or int", "number")                                                                \
    K(BOOL, "true or false", "bool", "true or false")                                                                  \
    K(TIME, "a time within the years 0 to 9999", "int: ms since 1970-01-01T00:00:00Z", "RFC 3339 date-time in UTC")    \
    K(POS, "an unsigned integer", "int: bytes of bodies[0].value", "number: code points of bodies[0].value")           \
    K(POINT, "a point in degrees (-180 to 180, -90 to 90)", "[lon, lat]", "GeoJSON Point")                             \
    K(SPANS, "a list of [start, end]", "[[start, end], …], bytes", "[[start, end], …], code points")                   \
    K(OBJ, "a map", "map", "object")                                                                                   \
    K(LIST, "a list of maps", "array", "array")                                                                        \
    K(ANY, "a value", "any", "the same value, bytes in base64")

#define NW_KIND_NAME(kind, expected, msgpack, json) NW_KIND_##kind,
enum nw_kind { NW_KINDS(NW_KIND_NAME) NW_KIND_COUNT };

#define NW_TYPE_NAME(type, FIELDS) NW_TYPE_##type,
enum nw_type_id { NW_RECORD_TYPES(NW_TYPE_NAME) NW_TYPE_COUNT, NW_TYPE__ = NW_TYPE_COUNT };

struct nw_field {
    const char *key;
    unsigned char key_size; /* bytes of key, at most NW_KEY_MAX */
    unsigned char kind;     /* enum nw_kind */
    unsigned char type;     /* enum nw_type_id of OBJ and LIST, else NW_TYPE__ */
    bool need;
    unsigned offset; /* of the member in its struct */
    uint64_t bit;    /* in `has` */
    const char *doc;
};

enum { NW_KEY_MAX = 31 }; /* the longest that msgpack heads with one byte */

struct nw_type {
    const char *name;
    const struct nw_field *fields;
    size_t count; /* of fields */
    size_t size;  /* of the struct */
    uint64_t need;
};

extern const struct nw_type nw_types[NW_TYPE_COUNT];

/* What each struct of the lists begins with. */
struct nw_head {
    uint64_t has;
    struct nw_extra *extra;
};

/* Any nw_T_list. */
struct nw_list {
    void *v;
    size_t n, room;
};

/* What a reader expects of a kind, for sentences; its forms, for the manual. */
extern const char *const nw_kind_expected[NW_KIND_COUNT],
    *const nw_kind_msgpack[NW_KIND_COUNT], *const nw_kind_json[NW_KIND_COUNT], *const nw_kind_name[NW_KIND_COUNT];

/* Bounds of a TIME: 0000-01-01T00:00:00Z, 9999-12-31T23:59:59.999Z. */
#define NW_TIME_FIRST INT64_C(-62167219200000)
#define NW_TIME_LAST  INT64_C(253402300799999)

static inline bool nw_time_good(int64_t ms)
{
    return ms >= NW_TIME_FIRST && ms <= NW_TIME_LAST;
}

bool nw_point_good(struct nw_point point);

/* The member of an object; OBJ: the object that it points to; LIST: the list by value, its element i. */
static inline const void *nw_member(const struct nw_field *field, const void *object)
{
    return (const char *)object + field->offset;
}

static inline void *nw_member_mut(const struct nw_field *field, void *object)
{
    return (char *)object + field->offset;
}

static inline const void *nw_member_object(const struct nw_field *field, const void *object)
{
    const void *p;

    memcpy(&p, nw_member(field, object), sizeof p);
    return p;
}

static inline struct nw_list nw_member_list(const struct nw_field *field, const void *object)
{
    struct nw_list list;

    memcpy(&list, nw_member(field, object), sizeof list);
    return list;
}

static inline const void *nw_element(const struct nw_field *field, struct nw_list list, size_t i)
{
    return (const char *)list.v + i * nw_types[field->type].size;
}

/* Whether a field stands in an object with a value that can be written: a number that is not finite, a time or point
 * out of bounds, a NULL object and an ANY that is nil or no whole value say nothing and are left out. */
bool nw_present(const struct nw_field *field, const void *object);

/* The field of that key, NULL for none. Looks from *next on, around, and leaves *next behind it: keys in the order of
 * the list cost one comparison. */
const struct nw_field *nw_field_find(const struct nw_type *type, size_t *next, struct nw_str key);

/* The first required field that is not among `has`, NULL for none. */
const struct nw_field *nw_field_missing(const struct nw_type *type, uint64_t has);

#endif
