/* msgpack out and in: every value comes back in whatever form, nothing cut off or past the bounds is read, and the
 * cursor agrees with msgpack-c about what is msgpack. */
#include "record/pack.h"
#include "record/unpack.h"

#include <newswire/record.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
#include <msgpack.h>

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A copy of exact size, so that AddressSanitizer sees a read behind its end. */
static struct nw_str exact(const void *p, size_t n)
{
    char *copy = malloc(n ? n : 1);

    assert_non_null(copy);
    if (n)
        memcpy(copy, p, n);
    return nw_str(copy, n);
}

static void release(struct nw_str s)
{
    free((char *)(uintptr_t)s.p);
}

static void test_integers(void **state)
{
    static const uint64_t edges[] = {0,          1,          31,        32,         127,        128,
                                     255,        256,        65535,     65536,      0x7fffffff, 1u << 31,
                                     0xffffffff, 1ull << 32, INT64_MAX, 1ull << 63, UINT64_MAX};
    struct nw_buf out;

    (void)state;
    nw_buf_init(&out, 64);
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        uint64_t u = 1;
        int64_t s = 1, negative = -(int64_t)(edges[i] & INT64_MAX) - 1;
        double d = 1;
        nw_buf_clear(&out);
        assert_int_equal(nw_pack_uint(&out, edges[i]), 0);
        struct nw_unpack in = nw_unpack(nw_buf_view(&out)), same = in;
        assert_int_equal(nw_unpack_peek(&in), NW_UNPACK_INT);
        assert_true(nw_unpack_uint(&in, &u));
        assert_true(u == edges[i]);
        assert_int_equal(nw_unpack_peek(&in), NW_UNPACK_END);
        in = same;
        assert_int_equal(nw_unpack_int(&in, &s), edges[i] <= INT64_MAX);
        assert_true(edges[i] > INT64_MAX || s == (int64_t)edges[i]);
        in = same;
        assert_true(nw_unpack_num(&in, &d));
        assert_true(d == (double)edges[i]);

        nw_buf_clear(&out);
        assert_int_equal(nw_pack_int(&out, negative), 0);
        in = same = nw_unpack(nw_buf_view(&out));
        assert_false(nw_unpack_uint(&in, &u));
        assert_ptr_equal(in.at, same.at);
        assert_true(nw_unpack_int(&in, &s));
        assert_true(s == negative);
        in = same;
        assert_true(nw_unpack_num(&in, &d));
        assert_true(d == (double)negative);
    }
    nw_buf_free(&out);
}

/* 5 in each form that msgpack has for it: writers in other languages pick differently. */
static void test_forms_of_one_number(void **state)
{
    static const struct nw_str forms[] = {
        NW_STR("\x05"),
        NW_STR("\xcc\x05"),
        NW_STR("\xcd\x00\x05"),
        NW_STR("\xce\x00\x00\x00\x05"),
        NW_STR("\xcf\x00\x00\x00\x00\x00\x00\x00\x05"),
        NW_STR("\xd0\x05"),
        NW_STR("\xd1\x00\x05"),
        NW_STR("\xd2\x00\x00\x00\x05"),
        NW_STR("\xd3\x00\x00\x00\x00\x00\x00\x00\x05"),
    };
    uint64_t u;
    int64_t s;
    double d;

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct nw_unpack a = nw_unpack(forms[i]), b = a, c = a;
        assert_true(nw_unpack_uint(&a, &u) && u == 5 && a.at == a.end);
        assert_true(nw_unpack_int(&b, &s) && s == 5);
        assert_true(nw_unpack_num(&c, &d) && d == 5);
    }
    struct nw_unpack in = nw_unpack(NW_S("\xca\x3f\x40\x00\x00"));
    assert_true(nw_unpack_num(&in, &d));
    assert_true(d == 0.75);
}

static void test_all_kinds(void **state)
{
    struct nw_buf out;
    struct nw_str text;
    size_t n;
    bool yes;
    double d;
    int type;

    (void)state;
    nw_buf_init(&out, 1 << 20);
    nw_pack_map(&out, 3);
    nw_pack_str(&out, NW_S("k"));
    nw_pack_array(&out, 2);
    nw_pack_nil(&out);
    nw_pack_bool(&out, true);
    nw_pack_bin(&out, NW_S("\0\xff"));
    nw_pack_num(&out, -1.5);
    nw_pack_raw(&out, NW_S("\xc7\x03\x07xyz"));
    nw_pack_str(&out, NW_S(""));
    assert_int_equal(out.error, 0);

    struct nw_unpack in = nw_unpack(nw_buf_view(&out));
    assert_string_equal(nw_unpack_found(&in), "map");
    assert_true(nw_unpack_map(&in, &n) && n == 3);
    assert_true(nw_unpack_str(&in, &text) && nw_str_eq(text, NW_S("k")));
    assert_true(nw_unpack_array(&in, &n) && n == 2);
    assert_false(nw_unpack_bool(&in, &yes));
    assert_true(nw_unpack_nil(&in));
    assert_true(nw_unpack_bool(&in, &yes) && yes);
    assert_false(nw_unpack_str(&in, &text));
    assert_true(nw_unpack_bin(&in, &text) && nw_str_eq(text, NW_S("\0\xff")));
    assert_true(nw_unpack_num(&in, &d) && d == -1.5);
    assert_true(nw_unpack_ext(&in, &type, &text) && type == 7 && nw_str_eq(text, NW_S("xyz")));
    assert_true(nw_unpack_str(&in, &text) && text.n == 0);
    assert_int_equal(nw_unpack_peek(&in), NW_UNPACK_END);
    assert_false(nw_unpack_nil(&in));
    nw_buf_free(&out);
}

static void test_buffer_bound(void **state)
{
    struct nw_buf out;

    (void)state;
    nw_buf_init(&out, 4);
    assert_int_equal(nw_pack_str(&out, NW_S("abc")), 0);
    assert_int_equal(nw_pack_nil(&out), -EMSGSIZE);
    assert_int_equal(nw_pack_bool(&out, true), -EMSGSIZE);
    assert_true(nw_str_eq(nw_buf_view(&out), NW_S("\xa3"
                                                  "abc")));
    nw_buf_clear(&out);
    assert_int_equal(nw_pack_array(&out, (size_t)UINT32_MAX + 1), -EMSGSIZE);
    nw_buf_free(&out);
}

/* Heads that promise more than there is. */
static void test_bombs(void **state)
{
    static const struct nw_str bombs[] = {
        NW_STR("\xdd\x20\x00\x00\x00"),
        NW_STR("\xdf\x10\x00\x00\x00"),
        NW_STR("\xdb\xff\xff\xff\xff"),
        NW_STR("\xc6\xff\xff\xff\xff"),
        NW_STR("\xc9\xff\xff\xff\xff\x01"),
        NW_STR("\xdc\xff\xff\x01\x01"),
        NW_STR("\x82\x01\x01\x01"),
        NW_STR("\x93\x01\x01"),
        NW_STR("\xa2"
               "a"),
        NW_STR("\xd9"),
        NW_STR("\xd8\x01"
               "a"),
        NW_STR("\xcb\x00\x00\x00\x00\x00\x00\x00"),
        NW_STR("\xc1"),
        NW_STR(""),
        NW_STR("\x92\xc1\xc0"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
        struct nw_str s = exact(bombs[i].p, bombs[i].n);
        struct nw_unpack in = nw_unpack(s), before = in;
        assert_false(nw_unpack_skip(&in, NULL));
        assert_memory_equal(&in, &before, sizeof in);
        assert_int_equal(nw_record_walk(s), 0);
        release(s);
    }
    struct nw_unpack in = nw_unpack(bombs[0]);
    size_t n = 0;
    assert_false(nw_unpack_array(&in, &n));
    assert_string_equal(nw_unpack_found(&in), "an array cut off or past the bounds");
}

static void test_depth(void **state)
{
    char nested[NW_RECORD_DEPTH + 1];

    (void)state;
    memset(nested, 0x91, sizeof nested);
    nested[NW_RECORD_DEPTH] = (char)0xc0; /* 16 arrays, the innermost holds nil */
    assert_int_equal(nw_record_walk(nw_str(nested, sizeof nested)), sizeof nested);
    struct nw_unpack in = nw_unpack(nw_str(nested, sizeof nested));
    in.depth = 1;
    assert_false(nw_unpack_skip(&in, NULL));
    nested[NW_RECORD_DEPTH] = (char)0x90; /* a seventeenth, empty */
    assert_int_equal(nw_record_walk(nw_str(nested, sizeof nested)), 0);
}

static void test_objects(void **state)
{
    size_t n = 5 + NW_RECORD_OBJECTS + 1;
    char *p = malloc(n);

    (void)state;
    assert_non_null(p);
    memset(p, 0xc0, n);
    memcpy(p, "\xdd\x00\x10\x00\x00", 5);
    assert_int_equal(nw_record_walk(nw_str(p, n)), n - 1);
    p[4] = 1;
    assert_int_equal(nw_record_walk(nw_str(p, n)), 0);
    memcpy(p, "\xdd\x00\x0f\xff\xff\x91\xc0", 7); /* an array within takes the last */
    assert_int_equal(nw_record_walk(nw_str(p, n)), 5 + NW_RECORD_OBJECTS);
    p[5] = (char)0x92;
    assert_int_equal(nw_record_walk(nw_str(p, n)), 0);
    free(p);
}

/* Appends a random value, whole, sometimes deeper than we allow. */
static void random_value(struct nw_buf *out, uint64_t *seed)
{
    size_t open = 1; /* values still to write */

    while (open) {
        uint64_t r = next_random(seed);
        char bytes[40];
        size_t n = r >> 32 & 31;
        open--;
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (char)next_random(seed);
        switch (r % 11) {
        case 0:
            nw_pack_nil(out);
            break;
        case 1:
            nw_pack_bool(out, r >> 40 & 1);
            break;
        case 2:
            nw_pack_uint(out, next_random(seed) >> (r >> 40 & 63));
            break;
        case 3:
            nw_pack_int(out, (int64_t)next_random(seed) >> (r >> 40 & 63));
            break;
        case 4:
            nw_pack_num(out, (double)(int64_t)next_random(seed) / 1024);
            break;
        case 5:
            nw_pack_str(out, nw_str(bytes, n));
            break;
        case 6:
            nw_pack_bin(out, nw_str(bytes, n));
            break;
        case 7:
            bytes[0] = (char)0xd4;
            nw_pack_raw(out, nw_str(bytes, 3));
            break;
        case 8:
            bytes[0] = (char)0xca;
            nw_pack_raw(out, nw_str(bytes, 5));
            break;
        case 9:
            n = open > 40 ? 0 : n % 5;
            nw_pack_array(out, n);
            open += n;
            break;
        default:
            n = open > 40 ? 0 : n % 4;
            nw_pack_map(out, n);
            open += 2 * n;
            break;
        }
    }
}

/* Containers around the innermost value. msgpack-c nests 32 deep at most, which bounds the recursion. */
static size_t depth_of(msgpack_object o)
{
    size_t deepest = 0, d;

    if (o.type == MSGPACK_OBJECT_ARRAY) {
        for (uint32_t i = 0; i < o.via.array.size; i++)
            deepest = (d = depth_of(o.via.array.ptr[i])) > deepest ? d : deepest;
        return deepest + 1;
    }
    if (o.type == MSGPACK_OBJECT_MAP) {
        for (uint32_t i = 0; i < o.via.map.size; i++) {
            deepest = (d = depth_of(o.via.map.ptr[i].key)) > deepest ? d : deepest;
            deepest = (d = depth_of(o.via.map.ptr[i].val)) > deepest ? d : deepest;
        }
        return deepest + 1;
    }
    return 0;
}

/* Both find the same value, or both none; but for what nests deeper than we allow. Input with a byte of a 32-bit count
 * is left out: msgpack-c would try to map what it promises. */
static void agree(struct nw_str bytes)
{
    struct nw_str s = exact(bytes.p, bytes.n);
    msgpack_unpacked theirs;
    size_t end = 0, ours = nw_record_walk(s);

    if (!memchr(s.p, 0xdd, s.n) && !memchr(s.p, 0xdf, s.n)) {
        msgpack_unpacked_init(&theirs);
        msgpack_unpack_return got = msgpack_unpack_next(&theirs, s.p, s.n, &end);
        if (got != MSGPACK_UNPACK_SUCCESS && got != MSGPACK_UNPACK_EXTRA_BYTES)
            end = 0;
        else if (depth_of(theirs.data) > NW_RECORD_DEPTH)
            end = 0;
        assert_int_equal(ours, end);
        msgpack_unpacked_destroy(&theirs);
    }
    release(s);
}

static void test_agrees_with_msgpack_c(void **state)
{
    uint64_t seed = 0x9e3779b97f4a7c15;
    struct nw_buf out;
    size_t walked = 0;

    (void)state;
    nw_buf_init(&out, 1 << 16);
    for (int i = 0; i < 3000; i++) {
        nw_buf_clear(&out);
        random_value(&out, &seed);
        assert_int_equal(out.error, 0);
        walked += nw_record_walk(nw_buf_view(&out)) == out.n;
        agree(nw_buf_view(&out));
        for (int j = 0; j < 20 && out.n; j++) {
            uint64_t r = next_random(&seed);
            char *at = out.p + r % out.n, was = *at;
            *at = (char)(r >> 32);
            agree(nw_buf_view(&out));
            *at = was;
            agree(nw_str(out.p, (r >> 16) % out.n));
        }
    }
    assert_true(walked > 2500); /* the rest nests too deep */
    nw_buf_free(&out);
}

/* All 256 first bytes, each cut at each length. */
static void test_every_first_byte(void **state)
{
    char tail[20];

    (void)state;
    memset(tail, 0, sizeof tail);
    for (int c = 0; c < 256; c++) {
        tail[0] = (char)c;
        for (size_t n = 0; n <= sizeof tail; n++)
            agree(nw_str(tail, n));
        struct nw_unpack in = nw_unpack(nw_str(tail, sizeof tail));
        struct nw_str value;
        /* 19 zeros behind it are whole values: too few for the longest fixstr and fixmap only. */
        bool too_short = (c > 0xa0 + 19 && c < 0xc0) || (c > 0x80 + 9 && c < 0x90);
        assert_int_equal(nw_unpack_skip(&in, &value), c != 0xc1 && !too_short);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_forms_of_one_number),
        cmocka_unit_test(test_all_kinds),
        cmocka_unit_test(test_buffer_bound),
        cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_objects),
        cmocka_unit_test(test_agrees_with_msgpack_c),
        cmocka_unit_test(test_every_first_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
