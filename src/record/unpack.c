/* msgpack in, bounded: see unpack.h. The format: https://github.com/msgpack/msgpack/blob/master/spec.md */
#include "record/unpack.h"

/* What the first bytes of a value say. */
struct head {
    enum nw_unpack_type type;
    bool is_signed; /* `bits` of an int is a two's complement number */
    int size;       /* bytes of a float: 4 or 8 */
    int ext;        /* application type of an ext */
    uint64_t bits;  /* int or float as it stands; the length of str, bin, ext; the count of array and map; bool */
};

static uint64_t big_endian(const unsigned char *p, size_t n)
{
    uint64_t v = 0;

    for (size_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    return v;
}

/* Sign-extends a big-endian number of n bytes. */
static uint64_t big_endian_signed(const unsigned char *p, size_t n)
{
    uint64_t v = big_endian(p, n);
    unsigned unused = (unsigned)(8 - n) * 8;

    return unused ? (v ^ UINT64_C(1) << (n * 8 - 1)) - (UINT64_C(1) << (n * 8 - 1)) : v;
}

/* Reads the head at in->at; returns what follows it, NULL where the head itself is cut off or none. */
static const unsigned char *read_head(const struct nw_unpack *in, struct head *h)
{
    const unsigned char *p = in->at;
    size_t left = (size_t)(in->end - p), n;
    unsigned char c;

    if (left == 0)
        return NULL;
    c = *p++;
    left--;
    *h = (struct head){.type = NW_UNPACK_INT};
    if (c < 0x80) {
        h->bits = c;
        return p;
    }
    if (c >= 0xe0) {
        h->bits = big_endian_signed(&c, 1);
        h->is_signed = true;
        return p;
    }
    if (c < 0xc0) {
        h->type = c < 0x90 ? NW_UNPACK_MAP : c < 0xa0 ? NW_UNPACK_ARRAY : NW_UNPACK_STR;
        h->bits = c < 0xa0 ? c & 0x0f : c & 0x1f;
        return p;
    }
    switch (c) {
    case 0xc0:
        h->type = NW_UNPACK_NIL;
        return p;
    case 0xc2:
    case 0xc3:
        h->type = NW_UNPACK_BOOL;
        h->bits = c & 1;
        return p;
    case 0xc4:
    case 0xc5:
    case 0xc6:
        h->type = NW_UNPACK_BIN;
        n = (size_t)1 << (c - 0xc4);
        break;
    case 0xc7:
    case 0xc8:
    case 0xc9:
        h->type = NW_UNPACK_EXT;
        n = (size_t)1 << (c - 0xc7);
        if (left < n + 1)
            return NULL;
        h->bits = big_endian(p, n);
        h->ext = (int8_t)p[n];
        return p + n + 1;
    case 0xca:
    case 0xcb:
        h->type = NW_UNPACK_NUM;
        n = (size_t)4 << (c - 0xca);
        h->size = (int)n;
        break;
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
        n = (size_t)1 << (c - 0xcc);
        break;
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        n = (size_t)1 << (c - 0xd0);
        if (left < n)
            return NULL;
        h->bits = big_endian_signed(p, n);
        h->is_signed = true;
        return p + n;
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
        h->type = NW_UNPACK_EXT;
        if (left < 1)
            return NULL;
        h->bits = UINT64_C(1) << (c - 0xd4);
        h->ext = (int8_t)p[0];
        return p + 1;
    case 0xd9:
    case 0xda:
    case 0xdb:
        h->type = NW_UNPACK_STR;
        n = (size_t)1 << (c - 0xd9);
        break;
    case 0xdc:
    case 0xdd:
        h->type = NW_UNPACK_ARRAY;
        n = (size_t)2 << (c - 0xdc);
        break;
    case 0xde:
    case 0xdf:
        h->type = NW_UNPACK_MAP;
        n = (size_t)2 << (c - 0xde);
        break;
    default:
        return NULL;
    }
    if (left < n)
        return NULL;
    h->bits = big_endian(p, n);
    return p + n;
}

/* Bytes of a value whose first byte says them all and that holds no other: small int, short text; else 0. */
static size_t small_size(unsigned char c)
{
    if (c < 0x80 || c >= 0xe0)
        return 1;
    return (c & 0xe0) == 0xa0 ? 1 + (c & 0x1fu) : 0;
}

/* As read_head, and holds lengths and counts against the bounds. */
static const unsigned char *read_bounded(const struct nw_unpack *in, struct head *h)
{
    const unsigned char *p = read_head(in, h);
    size_t left;

    if (!p)
        return NULL;
    left = (size_t)(in->end - p);
    switch (h->type) {
    case NW_UNPACK_STR:
    case NW_UNPACK_BIN:
    case NW_UNPACK_EXT:
        return h->bits <= left ? p : NULL;
    case NW_UNPACK_ARRAY:
        return h->bits <= left && h->bits <= in->objects ? p : NULL;
    case NW_UNPACK_MAP:
        return h->bits <= left / 2 && h->bits <= in->objects / 2 ? p : NULL;
    default:
        return p;
    }
}

static bool read_bytes(struct nw_unpack *in, enum nw_unpack_type type, struct head *h, struct nw_str *value)
{
    const unsigned char *p = read_bounded(in, h);

    if (!p || h->type != type)
        return false;
    *value = nw_str((const char *)p, (size_t)h->bits);
    in->at = p + h->bits;
    return true;
}

static bool read_count(struct nw_unpack *in, enum nw_unpack_type type, size_t values, size_t *count)
{
    struct head h;
    const unsigned char *p = read_bounded(in, &h);

    if (!p || h.type != type)
        return false;
    *count = (size_t)h.bits;
    in->objects -= *count * values;
    in->at = p;
    return true;
}

struct nw_unpack nw_unpack(struct nw_str s)
{
    const unsigned char *p = (const unsigned char *)(s.p ? s.p : "");

    return (struct nw_unpack){.at = p, .end = p + s.n, .objects = NW_RECORD_OBJECTS};
}

enum nw_unpack_type nw_unpack_peek(const struct nw_unpack *in)
{
    unsigned char c;

    if (in->at == in->end)
        return NW_UNPACK_END;
    c = *in->at;
    if (c < 0x80 || c >= 0xe0 || (c >= 0xcc && c <= 0xd3))
        return NW_UNPACK_INT;
    if (c < 0x90 || c >= 0xde)
        return NW_UNPACK_MAP;
    if (c < 0xa0 || c >= 0xdc)
        return NW_UNPACK_ARRAY;
    if (c < 0xc0 || c >= 0xd9)
        return NW_UNPACK_STR;
    if (c >= 0xd4 || (c >= 0xc7 && c <= 0xc9))
        return NW_UNPACK_EXT;
    if (c >= 0xca)
        return NW_UNPACK_NUM;
    if (c >= 0xc4)
        return NW_UNPACK_BIN;
    if (c >= 0xc2)
        return NW_UNPACK_BOOL;
    return c == 0xc0 ? NW_UNPACK_NIL : NW_UNPACK_BAD;
}

enum { NAMES = NW_UNPACK_BAD + 1 };

static const char *const names[NAMES] = {"nil",   "bool", "int", "float",   "str",       "bin",
                                         "array", "map",  "ext", "the end", "no msgpack"};
static const char *const cut_names[NAMES] = {"cut-off nil",
                                             "cut-off bool",
                                             "cut-off int",
                                             "cut-off float",
                                             "cut-off str",
                                             "cut-off bin",
                                             "an array cut off or past the bounds",
                                             "a map cut off or past the bounds",
                                             "cut-off ext",
                                             "the end",
                                             "no msgpack"};

const char *nw_unpack_name(enum nw_unpack_type type)
{
    return names[type];
}

const char *nw_unpack_found(const struct nw_unpack *in)
{
    struct head h;

    return (read_bounded(in, &h) ? names : cut_names)[nw_unpack_peek(in)];
}

bool nw_unpack_nil(struct nw_unpack *in)
{
    if (nw_unpack_peek(in) != NW_UNPACK_NIL)
        return false;
    in->at++;
    return true;
}

bool nw_unpack_bool(struct nw_unpack *in, bool *value)
{
    if (nw_unpack_peek(in) != NW_UNPACK_BOOL)
        return false;
    *value = *in->at++ & 1;
    return true;
}

bool nw_unpack_uint(struct nw_unpack *in, uint64_t *value)
{
    if (in->at < in->end && *in->at < 0x80) {
        *value = *in->at++;
        return true;
    }
    struct head h;
    const unsigned char *p = read_head(in, &h);

    if (!p || h.type != NW_UNPACK_INT || (h.is_signed && h.bits > INT64_MAX))
        return false;
    *value = h.bits;
    in->at = p;
    return true;
}

bool nw_unpack_int(struct nw_unpack *in, int64_t *value)
{
    struct head h;
    const unsigned char *p = read_head(in, &h);

    if (!p || h.type != NW_UNPACK_INT || (!h.is_signed && h.bits > INT64_MAX))
        return false;
    *value = (int64_t)h.bits;
    in->at = p;
    return true;
}

bool nw_unpack_num(struct nw_unpack *in, double *value)
{
    struct head h;
    const unsigned char *p = read_head(in, &h);

    if (!p || (h.type != NW_UNPACK_INT && h.type != NW_UNPACK_NUM))
        return false;
    if (h.type == NW_UNPACK_INT) {
        *value = h.is_signed ? (double)(int64_t)h.bits : (double)h.bits;
    } else if (h.size == 8) {
        memcpy(value, &h.bits, sizeof *value);
    } else {
        uint32_t bits = (uint32_t)h.bits;
        float single;
        memcpy(&single, &bits, sizeof single);
        *value = (double)single;
    }
    in->at = p;
    return true;
}

bool nw_unpack_str(struct nw_unpack *in, struct nw_str *value)
{
    size_t left = (size_t)(in->end - in->at), n = left ? small_size(*in->at) : 0;
    struct head h;

    if (n && n <= left && *in->at >= 0xa0 && *in->at < 0xc0) {
        *value = nw_str((const char *)in->at + 1, n - 1);
        in->at += n;
        return true;
    }

    return read_bytes(in, NW_UNPACK_STR, &h, value);
}

bool nw_unpack_bin(struct nw_unpack *in, struct nw_str *value)
{
    struct head h;

    return read_bytes(in, NW_UNPACK_BIN, &h, value);
}

bool nw_unpack_ext(struct nw_unpack *in, int *type, struct nw_str *value)
{
    struct head h;

    if (!read_bytes(in, NW_UNPACK_EXT, &h, value))
        return false;
    *type = h.ext;
    return true;
}

bool nw_unpack_array(struct nw_unpack *in, size_t *count)
{
    return read_count(in, NW_UNPACK_ARRAY, 1, count);
}

bool nw_unpack_map(struct nw_unpack *in, size_t *count)
{
    return read_count(in, NW_UNPACK_MAP, 2, count);
}

bool nw_unpack_skip(struct nw_unpack *in, struct nw_str *value)
{
    struct nw_unpack next = *in;
    size_t left[NW_RECORD_DEPTH]; /* values still to come in each container that is open */
    size_t open = 0;

    do {
        size_t bytes = (size_t)(next.end - next.at), n = bytes ? small_size(*next.at) : 0;
        const unsigned char *p;
        struct head h;

        if (n && n <= bytes) {
            next.at += n;
            if (!open)
                break;
            left[open - 1]--;
            while (open && left[open - 1] == 0)
                open--;
            continue;
        }
        p = read_bounded(&next, &h);
        if (!p)
            return false;
        next.at = p;
        if (open)
            left[open - 1]--;
        if (h.type == NW_UNPACK_STR || h.type == NW_UNPACK_BIN || h.type == NW_UNPACK_EXT) {
            next.at += h.bits;
        } else if (h.type == NW_UNPACK_ARRAY || h.type == NW_UNPACK_MAP) {
            size_t values = (size_t)h.bits * (h.type == NW_UNPACK_MAP ? 2 : 1);

            if (next.depth + open >= NW_RECORD_DEPTH)
                return false;
            next.objects -= values;
            left[open++] = values;
        }
        while (open && left[open - 1] == 0)
            open--;
    } while (open);
    if (value)
        *value = nw_str((const char *)in->at, (size_t)(next.at - in->at));
    *in = next;
    return true;
}
