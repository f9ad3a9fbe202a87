/* Checks values that no field list describes, and writes them as JSON, without recursion: see any.h. */
#include "record/any.h"
#include "record/json_put.h"
#include "record/put.h"
#include "record/unpack.h"

#include <newswire/utf8.h>

/* The containers that are open around the cursor, and what is still to come in each. */
struct open {
    struct level {
        size_t left; /* values; of a map, keys and values */
        bool map;
    } levels[NW_RECORD_DEPTH];
    size_t n;
};

/* The next value is the key of a pair. */
static bool at_key(const struct open *open)
{
    return open->n && open->levels[open->n - 1].map && open->levels[open->n - 1].left % 2 == 0;
}

/* Enters the array or map at the cursor; false where it is none, out of bounds or too deep. */
static bool enter(struct open *open, struct nw_unpack *in)
{
    struct level level = {.map = nw_unpack_peek(in) == NW_UNPACK_MAP};

    if (open->n + in->depth >= NW_RECORD_DEPTH)
        return false;
    if (!(level.map ? nw_unpack_map(in, &level.left) : nw_unpack_array(in, &level.left)))
        return false;
    level.left *= level.map ? 2 : 1;
    open->levels[open->n++] = level;
    return true;
}

static const char *fault(struct nw_str value, size_t depth, bool utf8)
{
    struct nw_unpack in = nw_unpack(value);
    struct open open = {.n = 0};
    struct nw_str text;

    in.depth = depth;
    do {
        enum nw_unpack_type type = nw_unpack_peek(&in);
        bool key = at_key(&open);
        if (key && type != NW_UNPACK_STR)
            return "a map key that is no text";
        if (open.n)
            open.levels[open.n - 1].left--;
        if (type == NW_UNPACK_STR) {
            if (!nw_unpack_str(&in, &text))
                return "a value cut off";
            if (utf8 && nw_utf8_valid(text) != text.n)
                return "text that is not UTF-8";
        } else if (type == NW_UNPACK_ARRAY || type == NW_UNPACK_MAP) {
            if (!enter(&open, &in))
                return "a container cut off or past the bounds";
        } else if (!nw_unpack_skip(&in, NULL)) {
            return "a value cut off";
        }
        while (open.n && open.levels[open.n - 1].left == 0)
            open.n--;
    } while (open.n);
    return in.at == in.end ? NULL : "more than one value";
}

const char *nw_any_fault(struct nw_str value, size_t depth)
{
    return fault(value, depth, true);
}

bool nw_any_stands(struct nw_str value)
{
    return !fault(value, 0, false) && (unsigned char)value.p[0] != 0xc0;
}

/* Writes the value at the cursor, which is no container, and moves behind it. */
static void scalar_to_json(struct nw_unpack *in, struct nw_buf *out)
{
    struct nw_str text;
    uint64_t natural;
    int64_t integer;
    double number;
    bool yes;
    int type;

    if (nw_unpack_str(in, &text))
        nw_json_put_text(out, text);
    else if (nw_unpack_bin(in, &text) || nw_unpack_ext(in, &type, &text))
        nw_json_put_base64(out, text);
    else if (nw_unpack_uint(in, &natural))
        nw_json_put_uint(out, natural);
    else if (nw_unpack_int(in, &integer))
        nw_json_put_int(out, integer);
    else if (nw_unpack_num(in, &number))
        nw_json_put_float(out, number);
    else if (nw_unpack_bool(in, &yes))
        put(out, yes ? "true" : "false", yes ? 4 : 5);
    else if (nw_unpack_nil(in))
        PUT(out, "null");
}

void nw_any_to_json(struct nw_str value, struct nw_buf *out)
{
    struct nw_unpack in = nw_unpack(value);
    struct open open = {.n = 0};

    do {
        enum nw_unpack_type type = nw_unpack_peek(&in);
        bool key = at_key(&open);
        if (open.n)
            open.levels[open.n - 1].left--;
        if (type == NW_UNPACK_ARRAY || type == NW_UNPACK_MAP) {
            if (!enter(&open, &in))
                return;
            put_char(out, type == NW_UNPACK_MAP ? '{' : '[');
            if (open.levels[open.n - 1].left)
                continue;
        } else {
            scalar_to_json(&in, out);
            if (key) {
                put_char(out, ':');
                continue;
            }
        }
        while (open.n && open.levels[open.n - 1].left == 0)
            put_char(out, open.levels[--open.n].map ? '}' : ']');
        if (open.n)
            put_char(out, ',');
    } while (open.n);
}
