/* The pieces that JSON is made of: text, bytes, numbers in the fewest digits, and offsets from bytes to code points. */
#include "generate.h"
#include "record/json_put.h"
#include "record/positions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <jansson.h>

/* jansson, which is not ours, reads it; it refuses bad UTF-8, bare control characters and lone surrogates. */
static json_t *parse(const struct nw_buf *json)
{
    json_error_t fault;
    json_t *tree = json_loadb(json->p, json->n, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &fault);

    assert_null(memchr(json->p, '\n', json->n));
    assert_null(memchr(json->p, '\0', json->n));
    if (!tree)
        fail_msg("%s: %.*s", fault.text, (int)json->n, json->p);
    return tree;
}

/* All that JSON must escape, and all that is no UTF-8, at every place of a step of 16 bytes. */
static void test_text(void **state)
{
    struct nw_buf json;
    char text[64];

    (void)state;
    nw_buf_init(&json, 1 << 16);
    for (int c = 0; c < 256; c++) {
        for (size_t at = 0; at < 40; at++) {
            memset(text, 'a', sizeof text);
            text[at] = (char)c;
            nw_buf_clear(&json);
            nw_json_put_text(&json, nw_str(text, 40));
            json_t *tree = parse(&json);
            struct nw_str got = nw_str(json_string_value(tree), json_string_length(tree));
            struct nw_str same = nw_str(text, 40);
            if (c == 0 || c >= 0x80) {
                memcpy(text + at, "\xef\xbf\xbd", 3);
                memset(text + at + 3, 'a', 39 - at);
                same.n = 42;
            }
            assert_true(nw_str_eq(got, same));
            json_decref(tree);
        }
    }
    nw_buf_clear(&json);
    nw_json_put_text(&json, NW_S("a\"\\/\b\f\n\r\t\v\x7f\x1f\xc3\xa9\xe2\x80\xa8\xed\xa0\x80\xff\xf0\x9f\x9a"));
    assert_true(
        nw_str_eq(nw_buf_view(&json),
                  NW_S("\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u000b\x7f\\u001f\xc3\xa9\xe2\x80\xa8"
                       "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"")));
    nw_buf_clear(&json);
    nw_json_put_text(&json, nw_str(NULL, 0));
    assert_true(nw_str_eq(nw_buf_view(&json), NW_S("\"\"")));
    nw_buf_free(&json);
}

static void test_base64(void **state)
{
    static const char *const cases[][2] = {{"", "\"\""},
                                           {"f", "\"Zg==\""},
                                           {"fo", "\"Zm8=\""},
                                           {"foo", "\"Zm9v\""},
                                           {"foob", "\"Zm9vYg==\""},
                                           {"fooba", "\"Zm9vYmE=\""},
                                           {"foobar", "\"Zm9vYmFy\""},
                                           {"\xff\xef\xfe", "\"/+/+\""}};
    struct nw_buf json;

    (void)state;
    nw_buf_init(&json, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nw_buf_clear(&json);
        nw_json_put_base64(&json, nw_str_z(cases[i][0])); /* RFC 4648, section 10 */
        assert_true(nw_str_eq(nw_buf_view(&json), nw_str_z(cases[i][1])));
    }
    nw_buf_free(&json);
}

static const char *number(struct nw_buf *json, double value)
{
    nw_buf_clear(json);
    nw_json_put_num(json, value);
    nw_buf_char(json, '\0');
    return json->p;
}

static void test_numbers(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {1, "1"},
        {-1, "-1"},
        {100000, "100000"},
        {1e15, "1000000000000000"},
        {1e18, "1000000000000000000"},
        {0.1, "0.1"},
        {0.25, "0.25"},
        {-0.5, "-0.5"},
        {0.3, "0.3"},
        {2.675, "2.675"},
        {1e-5, "0.00001"},
        {1e-7, "1e-07"},
        {123456.789, "123456.789"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1e300, "1e+300"},
        {1e19, "1e+19"},
        {3.14159265358979, "3.14159265358979"},
        {5e-324, "4.94065645841247e-324"},
        {-0.0, "-0.0"},
        {55.70927, "55.70927"},
    };
    struct nw_generator g = {.state = 77};
    struct nw_buf json;
    char shortest[40];

    (void)state;
    nw_buf_init(&json, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(number(&json, cases[i].value), cases[i].text);
    assert_string_equal(number(&json, (double)NAN), "null");
    for (int i = 0; i < 200000; i++) {
        double value = nw_generate_number(&g);
        const char *text = number(&json, value);
        int digits = 0, written = 0;
        assert_true(strtod(text, NULL) == value);
        do
            snprintf(shortest, sizeof shortest, "%.*e", digits++, value);
        while (strtod(shortest, NULL) != value);
        /* No more digits than the shortest has, but zeros that place the point. */
        while (*text == '-' || *text == '0' || *text == '.')
            text++;
        for (; *text && *text != 'e'; text++)
            written += *text != '.';
        if (value != floor(value))
            assert_true(written <= digits || written <= 15);
    }
    for (int i = 0; i < 100000; i++) { /* what taggers write: a few decimals */
        snprintf(shortest, sizeof shortest, "%d.%05d", i / 1000, 1 + i % 1000 * 10);
        assert_string_equal(number(&json, strtod(shortest, NULL)), shortest);
    }
    nw_buf_free(&json);
}

static void test_integers(void **state)
{
    struct nw_generator g = {.state = 78};
    struct nw_buf json;
    char text[64];

    (void)state;
    nw_buf_init(&json, 1 << 16);
    for (int i = 0; i < 2000; i++) {
        int64_t value = i == 0 ? INT64_MIN : i == 1 ? INT64_MAX : (int64_t)nw_generate_u64(&g) >> (i % 64);
        nw_buf_clear(&json);
        nw_json_put_int(&json, value);
        nw_json_put_uint(&json, (uint64_t)value);
        snprintf(text, sizeof text, "%lld%llu", (long long)value, (unsigned long long)value);
        assert_true(nw_str_eq(nw_buf_view(&json), nw_str_z(text)));
    }
    nw_buf_free(&json);
}

/* Against counting from the begin, for texts with and without other than ASCII, shorter and longer than the marks. */
static void test_positions(void **state)
{
    static const struct {
        const char *piece;
        size_t times;
    } texts[] = {{"", 1},      {"abc", 10},          {"é", 1},     {"aé", 100}, {"Žodis 🚢 ", 50},
                 {"中", 2000}, {"abcdefg ė", 40000}, {"a", 300000}};

    (void)state;
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        struct nw_positions *positions = malloc(sizeof *positions);
        size_t n = strlen(texts[t].piece) * texts[t].times, points = 0, step = n / 3000 + 1;
        char *p = malloc(n + 1);
        assert_non_null(p);
        assert_non_null(positions);
        for (size_t i = 0; i < texts[t].times; i++)
            memcpy(p + i * strlen(texts[t].piece), texts[t].piece, strlen(texts[t].piece));
        nw_positions_init(positions, nw_str(p, n));
        for (size_t at = 0; at < n; at++) {
            bool begins = ((unsigned char)p[at] & 0xc0) != 0x80;
            if (at % step < 7) {
                assert_int_equal(nw_positions_points(positions, at), begins ? points : points - 1);
                if (begins)
                    assert_int_equal(nw_positions_bytes(positions, points), at);
            }
            points += begins;
        }
        assert_int_equal(nw_positions_points(positions, n), points);
        assert_int_equal(nw_positions_points(positions, SIZE_MAX), points);
        assert_int_equal(nw_positions_bytes(positions, points), n);
        assert_int_equal(nw_positions_bytes(positions, SIZE_MAX), n);
        free(positions);
        free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),     cmocka_unit_test(test_base64),    cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_integers), cmocka_unit_test(test_positions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
