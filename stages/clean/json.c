/* The JSON reader: see json.h. One pass, an explicit stack of open containers. */
#include "json.h"

#include "chars.h"

#include <stdio.h>

#include <newswire/utf8.h>

struct reader {
    struct nw_arena *arena;
    struct nw_str s;
    size_t at;
    bool lenient;
    const char *why;
};

static void skip_blank(struct reader *r)
{
    while (r->at < r->s.n &&
           (r->s.p[r->at] == ' ' || r->s.p[r->at] == '\n' || r->s.p[r->at] == '\r' || r->s.p[r->at] == '\t'))
        r->at++;
}

static int hex4(struct nw_str s, size_t at)
{
    if (at + 4 > s.n)
        return -1;
    int value = 0;
    for (size_t i = at; i < at + 4; i++) {
        int c = (unsigned char)s.p[i], digit = is_digit(c)                              ? c - '0'
                                               : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                                                        : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* One escape at s[*at] == '\\'; false where it is none. */
static bool read_escape(struct reader *r, size_t *at, char *out, size_t *n)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = (char)byte_at(r->s, *at + 1);
    const char *known = c ? strchr(from, c) : NULL;
    if (known) {
        out[(*n)++] = to[known - from];
        *at += 2;
        return true;
    }
    if (c != 'u')
        return false;
    int unit = hex4(r->s, *at + 2);
    if (unit < 0)
        return false;
    *at += 6;
    uint32_t code = (uint32_t)unit;
    if (unit >= 0xD800 && unit < 0xDC00 && byte_at(r->s, *at) == '\\' && byte_at(r->s, *at + 1) == 'u') {
        int low = hex4(r->s, *at + 2);
        if (low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + (((uint32_t)unit - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
            *at += 6;
        }
    }
    *n += nw_utf8_put(out + *n, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
    return true;
}

/* The string at s[at] == '"'. */
static bool read_string(struct reader *r, struct nw_str *text)
{
    size_t start = r->at + 1, end = start;
    bool plain = true;
    for (; end < r->s.n && r->s.p[end] != '"'; end++) {
        unsigned char c = (unsigned char)r->s.p[end];
        if (c == '\\') {
            plain = false;
            end++;
        } else if (c < 0x20 && !r->lenient) {
            r->why = "a control character in a string";
            return false;
        }
    }
    if (end >= r->s.n) {
        r->why = "a string without an end";
        return false;
    }
    *text = nw_str(r->s.p + start, end - start);
    r->at = end + 1;
    if (plain)
        return true;
    char *out = nw_arena_alloc(r->arena, text->n + 4);
    if (!out) {
        r->why = "no memory left";
        return false;
    }
    size_t n = 0;
    for (size_t i = start; i < end;) {
        if (r->s.p[i] != '\\') {
            out[n++] = r->s.p[i++];
        } else if (!read_escape(r, &i, out, &n)) {
            if (!r->lenient) {
                r->why = "an escape that JSON has not";
                return false;
            }
            i++; /* the backslash goes, what it stood before stays */
        }
    }
    nw_arena_trim(r->arena, out, text->n + 4, n);
    *text = nw_str(out, n);
    return true;
}

static size_t digits_at(struct nw_str s, size_t at)
{
    size_t n = 0;
    while (is_digit(byte_at(s, at + n)))
        n++;
    return n;
}

static bool read_number(struct reader *r, struct nw_str *text)
{
    size_t start = r->at, i = start + (r->s.p[start] == '-'), n = digits_at(r->s, i);
    r->why = "a number that JSON has not";
    if (n == 0 || (n > 1 && r->s.p[i] == '0'))
        return false;
    i += n;
    if (byte_at(r->s, i) == '.') {
        if ((n = digits_at(r->s, i + 1)) == 0)
            return false;
        i += n + 1;
    }
    if ((byte_at(r->s, i) | 0x20) == 'e') {
        i++;
        i += byte_at(r->s, i) == '+' || byte_at(r->s, i) == '-';
        if ((n = digits_at(r->s, i)) == 0)
            return false;
        i += n;
    }
    r->why = NULL;
    *text = nw_str(r->s.p + start, i - start);
    r->at = i;
    return true;
}

static bool read_scalar(struct reader *r, struct json *value)
{
    static const struct {
        struct nw_str word;
        enum json_kind kind;
    } words[] = {{NW_STR("null"), JSON_NULL}, {NW_STR("true"), JSON_TRUE}, {NW_STR("false"), JSON_FALSE}};
    unsigned char c = byte_at(r->s, r->at);
    if (c == '"') {
        value->kind = JSON_STRING;
        return read_string(r, &value->text);
    }
    if (c == '-' || is_digit(c)) {
        value->kind = JSON_NUMBER;
        return read_number(r, &value->text);
    }
    for (size_t i = 0; i < 3; i++)
        if (nw_str_starts(nw_str_from(r->s, r->at), words[i].word)) {
            value->kind = words[i].kind;
            r->at += words[i].word.n;
            return true;
        }
    r->why = "something that is no value";
    return false;
}

static struct json *parse(struct reader *r)
{
    struct json *root = NULL, *open[JSON_DEPTH_MOST], *last[JSON_DEPTH_MOST];
    struct nw_str s = r->s;
    size_t depth = 0, values = 0;
    for (;;) {
        /* a value, or the end of an empty container */
        skip_blank(r);
        struct nw_str key = nw_str(NULL, 0);
        unsigned char c = byte_at(s, r->at);
        bool ends = depth > 0 && c == (open[depth - 1]->kind == JSON_OBJECT ? '}' : ']') &&
                    (r->lenient || !open[depth - 1]->child);
        if (!ends) {
            if (depth > 0 && open[depth - 1]->kind == JSON_OBJECT) {
                if (c != '"') {
                    r->why = "no key where one must stand";
                    return NULL;
                }
                if (!read_string(r, &key))
                    return NULL;
                skip_blank(r);
                if (byte_at(s, r->at) != ':') {
                    r->why = "no colon behind a key";
                    return NULL;
                }
                r->at++;
                skip_blank(r);
                c = byte_at(s, r->at);
            }
            struct json *value = ++values > JSON_VALUES_MOST ? NULL : nw_arena_alloc(r->arena, sizeof *value);
            if (!value) {
                r->why = values > JSON_VALUES_MOST ? "more values than are read" : "no memory left";
                return NULL;
            }
            *value = (struct json){.key = key};
            if (depth == 0)
                root = value;
            else if (last[depth - 1])
                last[depth - 1]->next = value;
            else
                open[depth - 1]->child = value;
            if (depth > 0)
                last[depth - 1] = value;
            if (c == '{' || c == '[') {
                value->kind = c == '{' ? JSON_OBJECT : JSON_ARRAY;
                if (depth == JSON_DEPTH_MOST) {
                    r->why = "containers nested deeper than are read";
                    return NULL;
                }
                value->text.p = s.p + r->at;
                open[depth] = value;
                last[depth++] = NULL;
                r->at++;
                continue;
            }
            if (!read_scalar(r, value))
                return NULL;
        }
        /* what follows a value */
        for (;;) {
            skip_blank(r);
            c = byte_at(s, r->at);
            if (depth == 0) {
                if (r->at < s.n && !r->lenient) {
                    r->why = "text behind the value";
                    return NULL;
                }
                return root;
            }
            if (c == ',' && !ends) {
                r->at++;
                break;
            }
            if (c != (open[depth - 1]->kind == JSON_OBJECT ? '}' : ']')) {
                r->why = r->at >= s.n ? "its end before that of a container" : "no comma behind a value";
                return NULL;
            }
            r->at++;
            depth--;
            open[depth]->text.n = (size_t)(s.p + r->at - open[depth]->text.p);
            ends = false;
        }
    }
}

/* "a string without an end at byte 120": what is wrong, and where. */
static const char *fault_of(const struct reader *r)
{
    enum { FAULT_MOST = 96 };
    char *out = nw_arena_alloc(r->arena, FAULT_MOST);
    if (!out)
        return r->why;
    snprintf(out, FAULT_MOST, "%s at byte %zu", r->why, r->at);
    return out;
}

struct json *json_parse(struct nw_arena *arena, struct nw_str s, bool lenient, const char **why)
{
    struct reader r = {.arena = arena, .s = s, .lenient = lenient};
    struct json *root = parse(&r);
    *why = root || lenient ? r.why : fault_of(&r);
    return root;
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (!object || object->kind != JSON_OBJECT)
        return NULL;
    struct nw_str name = nw_str_z(key);
    for (const struct json *member = object->child; member; member = member->next)
        if (nw_str_eq(member->key, name))
            return member;
    return NULL;
}

struct nw_str json_text(const struct json *value)
{
    return value && value->kind == JSON_STRING ? value->text : nw_str(NULL, 0);
}

struct nw_str json_text_of(const struct json *object, const char *key)
{
    return json_text(json_get(object, key));
}
