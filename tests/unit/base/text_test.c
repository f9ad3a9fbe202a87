/* UTF-8 against a slow decoder by the book, views, time both ways, JSON text, hashes against published values. */
#include <newswire/clock.h>
#include <newswire/hash.h>
#include <newswire/json.h>
#include <newswire/str.h>
#include <newswire/utf8.h>
#include <newswire/uuid.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Whether n bytes at p are one code point in UTF-8, computed from the code point: what is encoded again must be the
 * same. */
static bool is_code_point(const unsigned char *p, size_t n)
{
    char again[4];
    uint32_t c = n == 1   ? p[0]
                 : n == 2 ? (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f)
                 : n == 3 ? (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f)
                          : (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 |
                                (uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);

    return nw_utf8_put(again, c) == n && memcmp(again, p, n) == 0;
}

static size_t valid_by_the_book(const unsigned char *p, size_t n)
{
    size_t i = 0;

    while (i < n) {
        size_t length = p[i] < 0x80 ? 1 : p[i] < 0xe0 ? 2 : p[i] < 0xf0 ? 3 : 4;
        if (i + length > n || !is_code_point(p + i, length))
            return i;
        i += length;
    }
    return n;
}

static void test_utf8_valid_is_by_the_book(void **state)
{
    uint64_t seed = 88172645463325252u;
    unsigned char bytes[40];

    (void)state;
    /* All sequences of three bytes behind sixteen ASCII ones, which take the fast path. */
    memset(bytes, 'a', 16);
    for (uint32_t i = 0; i < 1 << 24; i += 7) {
        bytes[16] = (unsigned char)(i >> 16);
        bytes[17] = (unsigned char)(i >> 8);
        bytes[18] = (unsigned char)i;
        assert_int_equal(nw_utf8_valid(nw_str((char *)bytes, 19)), valid_by_the_book(bytes, 19));
    }
    for (int round = 0; round < 200000; round++) {
        size_t n = 0;
        while (n < 32) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            n += nw_utf8_put((char *)bytes + n, (uint32_t)(seed >> 40) % (seed & 1 ? 0x110000 : 0x80));
        }
        if (seed & 2)
            bytes[(seed >> 8) % n] = (unsigned char)(seed >> 16);
        assert_int_equal(nw_utf8_valid(nw_str((char *)bytes, n)), valid_by_the_book(bytes, n));
    }
}

static void test_utf8_counts_and_steps(void **state)
{
    struct nw_str text = NW_STR("na\xc3\xafve \xe2\x80\x94 \xf0\x9f\x97\x9e and ten more bytes");
    size_t steps = 0, at = 0;

    (void)state;
    while (at < text.n) {
        size_t from = at;
        assert_int_not_equal(nw_utf8_next(text, &at), 0xfffd);
        assert_int_equal(nw_utf8_floor(text, at - 1), from);
        steps++;
    }
    assert_int_equal(nw_utf8_count(text), steps);
    at = 0;
    assert_int_equal(nw_utf8_next(nw_str("\xe2\x80", 2), &at), 0xfffd);
    assert_int_equal(at, 1);
}

static void test_views(void **state)
{
    struct nw_str rest = NW_STR("one\r\ntwo\n\nlast"), line;

    (void)state;
    assert_true(nw_str_line(&rest, &line) && nw_str_eq(line, NW_S("one")));
    assert_true(nw_str_line(&rest, &line) && nw_str_eq(line, NW_S("two")));
    assert_true(nw_str_line(&rest, &line) && line.n == 0);
    assert_true(nw_str_line(&rest, &line) && nw_str_eq(line, NW_S("last")));
    assert_false(nw_str_line(&rest, &line));
    assert_int_equal(nw_str_find(NW_S("aaab"), NW_S("ab")), 2);
    assert_int_equal(nw_str_find(NW_S("aaa"), NW_S("ab")), SIZE_MAX);
    assert_int_equal(nw_str_find(NW_S("a"), NW_S("")), 0);
    assert_true(nw_str_cmp(NW_S("a"), NW_S("ab")) < 0 && nw_str_cmp(NW_S("b"), NW_S("ab")) > 0);
    assert_true(nw_str_eq_nocase(NW_S("ReUters"), NW_S("rEuTERS")));
    assert_true(nw_str_eq(nw_str_trim(NW_S(" \t x y\r\n")), NW_S("x y")));
    assert_int_equal(nw_str_trim(NW_S(" \n ")).n, 0);
}

/* Texts of two letters, so that nearly every place may be one; each in a block of its own size, so that a look beyond
 * its end is seen. */
static void test_finding_is_as_by_hand(void **state)
{
    uint64_t seed = 7;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        size_t n = (size_t)round % 70, length = 1 + (size_t)round % 7, by_hand = SIZE_MAX;
        char *text = malloc(n > 0 ? n : 1), needle[8];
        assert_non_null(text);
        for (size_t i = 0; i < n + length; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            *(i < n ? &text[i] : &needle[i - n]) = "ab"[seed >> 63];
        }
        for (size_t i = 0; i + length <= n && by_hand == SIZE_MAX; i++)
            by_hand = memcmp(text + i, needle, length) == 0 ? i : SIZE_MAX;
        assert_int_equal(nw_str_find(nw_str(text, n), nw_str(needle, length)), by_hand);
        free(text);
    }
}

static void test_time_goes_both_ways(void **state)
{
    char text[NW_TIME_TEXT];
    int64_t ms, again;

    (void)state;
    for (ms = -62167219200000; ms < 253402300800000; ms += 97 * 86400000ll + 12345678) {
        size_t n = nw_time_print(ms, text);
        assert_true(nw_time_parse(nw_str(text, n), &again));
        assert_true(again == ms);
    }
    assert_true(nw_time_parse(NW_S("2022-01-13"), &ms));
    nw_time_print(ms, text);
    assert_string_equal(text, "2022-01-13T00:00:00Z");
    assert_int_equal(nw_time_weekday(ms), 3);
    assert_true(nw_time_parse(NW_S("1996-12-19T16:39:57-08:00"), &ms)); /* RFC 3339, section 5.8 */
    nw_time_print(ms, text);
    assert_string_equal(text, "1996-12-20T00:39:57Z");
    static const char *const none[] = {"",
                                       "2022",
                                       "2022-13-01",
                                       "2022-02-29",
                                       "2022-01-13T",
                                       "2022-01-13T25:00:00Z",
                                       "2022-01-13T00:00:00",
                                       "2022-01-13T00:00:00.Z",
                                       "2022-01-13T00:00:00Zx"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(nw_time_parse(nw_str_z(none[i]), &ms));
}

static void test_json_text_and_hashes(void **state)
{
    struct nw_buf out;
    char hex[33], a[NW_UUID], b[NW_UUID];

    (void)state;
    nw_buf_init(&out, 1000);
    assert_int_equal(nw_json_text(&out, nw_str("a\"b\\c\n\0d", 8)), 0);
    assert_true(nw_str_eq(nw_buf_view(&out), NW_S("\"a\\\"b\\\\c\\u000a\\u0000d\"")));
    nw_buf_free(&out);
    assert_true(nw_hash64(NW_S(""), 0) == UINT64_C(0x2d06800538d394c2)); /* xxHash's own test of XXH3 */
    nw_hash128_hex(nw_hash128(NW_S("")), hex);
    assert_string_equal(hex, "99aa06d3014798d86001c324468d497f");
    assert_int_equal(nw_uuid(a), 0);
    assert_int_equal(nw_uuid(b), 0);
    assert_string_not_equal(a, b);
    assert_int_equal(a[14], '4');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_valid_is_by_the_book),
        cmocka_unit_test(test_utf8_counts_and_steps),
        cmocka_unit_test(test_views),
        cmocka_unit_test(test_finding_is_as_by_hand),
        cmocka_unit_test(test_time_goes_both_ways),
        cmocka_unit_test(test_json_text_and_hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
