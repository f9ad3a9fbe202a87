/*
 * JSON into a tree in the record's arena. Strict for documents (RFC 8259, so what is not JSON is refused), lenient for
 * what pages embed: raw control characters in strings, trailing commas, text behind the value. No recursion; depth and
 * values are bounded.
 */
#ifndef CLEAN_JSON_H
#define CLEAN_JSON_H

#include <newswire/arena.h>

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

enum { JSON_DEPTH_MOST = 64, JSON_VALUES_MOST = 1 << 20 };

struct json {
    enum json_kind kind;
    struct nw_str key;  /* of a member, unescaped; "" for elements */
    struct nw_str text; /* of a string: unescaped, valid UTF-8 (lone surrogates are U+FFFD); of a number, array or
                           object: as written */
    struct json *child; /* first element or member */
    struct json *next;  /* the next of the same array or object */
};

/* NULL where s is no JSON within the bounds; *why says what is wrong and where, or that memory ran out. */
struct json *json_parse(struct nw_arena *arena, struct nw_str s, bool lenient, const char **why);

/* A member by key; NULL where `object` is NULL, is none, or has none. */
const struct json *json_get(const struct json *object, const char *key);

/* A string's text; "" for all else. json_text_of is json_text of a member. */
struct nw_str json_text(const struct json *value);
struct nw_str json_text_of(const struct json *object, const char *key);

#endif
