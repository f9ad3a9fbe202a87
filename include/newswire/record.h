/*
 * One article on its way. Fields and their meaning: record_fields.h. A record lives in one arena, with all that it
 * points to; strings read by nw_record_decode alias the bytes they were read from, which must live as long.
 *
 *     struct nw_record *r = nw_record_new(arena);
 *     NW_SET(record, r, language, NW_S("en"));
 *     if (NW_HAS(record, r, by)) use(r->by);
 */
#ifndef NEWSWIRE_RECORD_H
#define NEWSWIRE_RECORD_H

#include <newswire/arena.h>
#include <newswire/buf.h>
#include <newswire/record_fields.h>
#include <newswire/str.h>

#include <stdint.h>

struct nw_point {
    double lon, lat;
};

struct nw_span {
    size_t start, end;
};

struct nw_spans {
    struct nw_span *v;
    size_t n;
};

/* A key that no field list knows, with its value as msgpack bytes. */
struct nw_extra {
    struct nw_extra *next;
    struct nw_str key, value;
};

/* Per type T: struct nw_T with `has` (presence bits), `extra` and a member a field; and struct nw_T_list. */
#define NW_MEMBER_STR(member, type)                          struct nw_str member;
#define NW_MEMBER_BIN(member, type)                          struct nw_str member;
#define NW_MEMBER_INT(member, type)                          int64_t member;
#define NW_MEMBER_NUM(member, type)                          double member;
#define NW_MEMBER_BOOL(member, type)                         bool member;
#define NW_MEMBER_TIME(member, type)                         int64_t member;
#define NW_MEMBER_POS(member, type)                          size_t member;
#define NW_MEMBER_POINT(member, type)                        struct nw_point member;
#define NW_MEMBER_SPANS(member, type)                        struct nw_spans member;
#define NW_MEMBER_OBJ(member, type)                          struct nw_##type *member;
#define NW_MEMBER_LIST(member, type)                         struct nw_##type##_list member;
#define NW_MEMBER_ANY(member, type)                          struct nw_str member;
#define NW_MEMBER(owner, kind, member, key, type, need, doc) NW_MEMBER_##kind(member, type)

#define NW_STRUCT(type, FIELDS)                                                                                        \
    struct nw_##type {                                                                                                 \
        uint64_t has;                                                                                                  \
        struct nw_extra *extra;                                                                                        \
        FIELDS(NW_MEMBER, type)                                                                                        \
    };                                                                                                                 \
    struct nw_##type##_list {                                                                                          \
        struct nw_##type *v;                                                                                           \
        size_t n;                                                                                                      \
        size_t room; /* elements that fit at v: nw_list_append's; whoever sets v, sets it 0 */                         \
    };
NW_RECORD_TYPES(NW_STRUCT)

/* Bit numbers: NW_BIT_text_role, NW_BIT_record_uri, … */
#define NW_BIT_NAME(owner, kind, member, key, type, need, doc) NW_BIT_##owner##_##member,
#define NW_BITS(type, FIELDS)                                  enum { FIELDS(NW_BIT_NAME, type) NW_BIT_COUNT_##type };
NW_RECORD_TYPES(NW_BITS)

#define NW_BIT(type, member)         (UINT64_C(1) << NW_BIT_##type##_##member)
#define NW_HAS(type, object, member) (((object)->has & NW_BIT(type, member)) != 0)
#define NW_SET(type, object, member, ...)                                                                              \
    ((object)->member = (__VA_ARGS__), (void)((object)->has |= NW_BIT(type, member)))
#define NW_CLEAR(type, object, member) ((void)((object)->has &= ~NW_BIT(type, member)))

/* A field of the record as a bit of a stage's `needs` and `sets`: NW_F(raw) | NW_F(bodies). */
#define NW_F(member) NW_BIT(record, member)

/* Bounds. A record past one is refused with a sentence. */
enum {
    NW_RECORD_MAX = 16 << 20,    /* bytes of one record in msgpack */
    NW_RECORD_DEPTH = 16,        /* nested containers */
    NW_RECORD_OBJECTS = 1 << 20, /* values in one record */
    NW_RECORD_EXTRAS = 256,      /* unknown keys in one map */
    NW_WHY = 256,                /* bytes of a sentence that says what is wrong, with its NUL */
};

/* What a codec returns beside 0 and a negative fault: the input is no good record; `why` says what was expected and
 * where. */
enum { NW_BAD_RECORD = 1 };

/* An empty record with source, NULL when the arena has no room. */
struct nw_record *nw_record_new(struct nw_arena *arena);

/*
 * Reads one record that fills `bytes` exactly. Each length and count is held against the bytes left and the bounds
 * before memory is taken for it; strings are checked for UTF-8. A known key whose value is nil counts as absent;
 * unknown keys are kept in order. 0, NW_BAD_RECORD (missing required key, wrong type, a key twice, bad UTF-8, out of
 * bounds, trailing bytes) or -ENOMEM. `why` is "" or names the place: "annotations.entities[3].start: expected an
 * unsigned integer, found str". *record is NULL unless 0 is returned.
 */
int nw_record_decode(struct nw_arena *arena, struct nw_str bytes, struct nw_record **record, char why[NW_WHY]);

/* Length of the msgpack value that s begins with, within the bounds; 0 if there is none. */
size_t nw_record_walk(struct nw_str s);

/*
 * Appends the record as a msgpack map, keys in the order of the lists, extra keys last. A member that says nothing is
 * left out, here, in JSON and in nw_record_equal: a NUM that is not finite, a TIME beyond the years 0 to 9999, a POINT
 * off the globe, an OBJ that is NULL, an ANY or extra that is nil or not one msgpack value with text keys. 0 or
 * out->error.
 */
int nw_record_encode(const struct nw_record *record, struct nw_buf *out);

/*
 * Appends one JSON object in one line, without a line end: ninjs 3.1 and our four properties. It is valid UTF-8 JSON
 * whatever the record holds: U+0000 and bytes that are no UTF-8 become U+FFFD, an offset behind the body or within a
 * code point moves back to the next one that is. 0 or out->error.
 */
int nw_record_to_json(const struct nw_record *record, struct nw_buf *out);

/* Reads such an object (any key order, unknown keys kept, null is absent) of at most NW_RECORD_MAX bytes; a key twice,
 * \u0000, `raw`, and integers beyond 64 bits are refused. Text is copied into the arena. As nw_record_decode. */
int nw_record_from_json(struct nw_arena *arena, struct nw_str json, struct nw_record **record, char why[NW_WHY]);

/* Same fields present, same values, extra keys in any order. */
bool nw_record_equal(const struct nw_record *a, const struct nw_record *b);

/*
 * Which record a program was built for: in the top byte NW_SCHEMA_MAJOR, below it a hash of the field lists, the same
 * in every program that was built from the same lists. Programs of another hash understand each other (unknown keys
 * are kept); of another major version not, and the broker refuses them. A program that does not say has 0.
 */
enum { NW_SCHEMA_MAJOR = 1 }; /* to be raised when a key changes its meaning or type, or becomes required */
uint64_t nw_record_schema(void);
unsigned nw_schema_major(uint64_t schema);

/* The first body's text, the main headline's text; {NULL, 0} if there is none. */
struct nw_str nw_record_body(const struct nw_record *record);
struct nw_str nw_record_headline(const struct nw_record *record);

/* Replaces bodies by one of role main with charCount and wordCount (words are what white space parts); headlines by one
 * of role main. The text is not copied. 0 or -ENOMEM. */
int nw_record_set_body(struct nw_arena *arena, struct nw_record *record, struct nw_str text);
int nw_record_set_headline(struct nw_arena *arena, struct nw_record *record, struct nw_str text);

/* Appends an element to a list member and gives it zeroed; NULL when there is no memory. Amortised by doubling:
 *     struct nw_entity *e = NW_APPEND(arena, annotations, a, entities, entity); */
#define NW_APPEND(arena, type, object, member, element)                                                                \
    ((object)->has |= NW_BIT(type, member),                                                                            \
     (struct nw_##element *)nw_list_append((arena), &(object)->member, sizeof(struct nw_##element)))
void *nw_list_append(struct nw_arena *arena, void *list, size_t size);

/* Sets source.precision[key] = value, replacing it; 0 or -ENOMEM. */
int nw_record_set_precision(struct nw_arena *arena, struct nw_record *record, const char *key, const char *value);

/* Appends the table of all fields as Markdown (the manual and docs are made of it). 0 or out->error. */
int nw_record_describe(struct nw_buf *out);

#endif
