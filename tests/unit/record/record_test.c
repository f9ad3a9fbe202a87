/* Making records by hand, and what the field lists say of themselves. */
#include "generate.h"
#include "record/unpack.h"

#include <newswire/alloc.h>
#include <newswire/record.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>

static void test_new_is_empty(void **state)
{
    struct nw_arena arena;

    (void)state;
    nw_arena_init(&arena, 0);
    struct nw_record *r = nw_record_new(&arena);
    assert_int_equal(r->has, NW_F(source));
    assert_int_equal(r->source->has, 0);
    assert_null(nw_record_body(r).p);
    assert_null(nw_record_headline(r).p);
    nw_arena_free(&arena);
}

static void test_body_and_headline(void **state)
{
    static const struct {
        const char *text;
        int64_t points, words;
    } cases[] = {
        {"", 0, 0},
        {" \n\t", 3, 0},
        {"One", 3, 1},
        {"  One two \n\n three.  ", 21, 3},
        {"Vėjas – 20 m/s", 14, 4},
        {"no\xc2\xa0"
         "break\xe2\x80\xa8line\xe3\x80\x80wide",
         18, 4},
        {"\xf0\x9f\x9a\xa2", 1, 1},
    };
    struct nw_arena arena;

    (void)state;
    nw_arena_init(&arena, 0);
    struct nw_record *r = nw_record_new(&arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(nw_record_set_body(&arena, r, nw_str_z(cases[i].text)), 0);
        assert_int_equal(r->bodies.n, 1);
        assert_int_equal(r->bodies.v[0].char_count, cases[i].points);
        assert_int_equal(r->bodies.v[0].word_count, cases[i].words);
        assert_true(nw_str_eq(r->bodies.v[0].role, NW_S("main")));
        assert_true(nw_str_eq(r->bodies.v[0].content_type, NW_S("text/plain")));
        assert_true(nw_str_eq(nw_record_body(r), nw_str_z(cases[i].text)));
        assert_int_equal(nw_record_set_headline(&arena, r, nw_str_z(cases[i].text)), 0);
        assert_int_equal(r->headlines.n, 1);
        assert_true(nw_str_eq(nw_record_headline(r), nw_str_z(cases[i].text)));
    }
    /* The main headline, where one is called so; else the first. */
    struct nw_text *second = NW_APPEND(&arena, record, r, headlines, text);
    NW_SET(text, second, value, NW_S("second"));
    NW_SET(text, &r->headlines.v[0], role, NW_S("short"));
    assert_false(nw_str_eq(nw_record_headline(r), NW_S("second")));
    NW_SET(text, second, role, NW_S("main"));
    assert_true(nw_str_eq(nw_record_headline(r), NW_S("second")));
    nw_arena_free(&arena);
}

/* Appending to lists that were made by appending, by hand, or read: other allocations in between, nothing overlaps. */
static void test_append(void **state)
{
    struct nw_arena arena;
    struct nw_keyword by_hand[3];

    (void)state;
    nw_arena_init(&arena, 0);
    for (size_t given = 0; given <= 3; given++) {
        struct nw_annotations a = {.has = 0};
        memset(by_hand, 0, sizeof by_hand);
        for (size_t i = 0; i < given; i++)
            NW_SET(keyword, &by_hand[i], score, (double)i);
        a.keywords = (struct nw_keyword_list){.v = by_hand, .n = given};
        for (size_t i = given; i < 1000; i++) {
            char *other = nw_arena_alloc(&arena, i % 40);
            memset(other, 0xff, i % 40);
            struct nw_keyword *k = NW_APPEND(&arena, annotations, &a, keywords, keyword);
            assert_int_equal(k->has, 0);
            NW_SET(keyword, k, score, (double)i);
            assert_int_equal(a.keywords.n, i + 1);
            assert_true(a.keywords.room >= a.keywords.n && a.keywords.room <= 2 * i + 8);
        }
        assert_true(NW_HAS(annotations, &a, keywords));
        for (size_t i = 0; i < 1000; i++)
            assert_true(a.keywords.v[i].score == (double)i);
    }
    nw_arena_free(&arena);
}

static void test_append_without_memory(void **state)
{
    struct nw_arena arena;
    struct nw_annotations a = {.has = 0};
    size_t n = 0;

    (void)state;
    nw_arena_init(&arena, 1 << 16);
    while (NW_APPEND(&arena, annotations, &a, keywords, keyword))
        n++;
    assert_true(n > 100);
    assert_int_equal(a.keywords.n, n);
    assert_null(nw_list_append(&arena, &a.keywords, SIZE_MAX / 3));
    nw_arena_free(&arena);
}

static struct nw_str precision(const struct nw_record *r, const char *key)
{
    struct nw_unpack in = nw_unpack(r->source->precision);
    struct nw_str name, value, found = {NULL, 0};
    size_t n;

    assert_true(nw_unpack_map(&in, &n));
    while (n--) {
        assert_true(nw_unpack_str(&in, &name) && nw_unpack_str(&in, &value));
        if (nw_str_eq(name, nw_str_z(key))) {
            assert_null(found.p);
            found = value;
        }
    }
    assert_int_equal(nw_unpack_peek(&in), NW_UNPACK_END);
    return found;
}

static void test_precision(void **state)
{
    struct nw_arena arena;

    (void)state;
    nw_arena_init(&arena, 0);
    struct nw_record *r = nw_record_new(&arena);
    assert_int_equal(nw_record_set_precision(&arena, r, "firstCreated", "day"), 0);
    assert_int_equal(nw_record_set_precision(&arena, r, "versionCreated", "minute"), 0);
    assert_int_equal(nw_record_set_precision(&arena, r, "firstCreated", "month"), 0);
    assert_true(nw_str_eq(precision(r, "firstCreated"), NW_S("month")));
    assert_true(nw_str_eq(precision(r, "versionCreated"), NW_S("minute")));
    assert_null(precision(r, "contentCreated").p);

    NW_SET(source, r->source, precision, NW_S("\x92\xc1")); /* no msgpack at all */
    assert_int_equal(nw_record_set_precision(&arena, r, "firstCreated", "day"), 0);
    assert_true(nw_str_eq(precision(r, "firstCreated"), NW_S("day")));

    struct nw_record bare = {.has = 0};
    assert_int_equal(nw_record_set_precision(&arena, &bare, "firstCreated", "day"), 0);
    assert_true(nw_str_eq(precision(&bare, "firstCreated"), NW_S("day")));
    nw_arena_free(&arena);
}

static int make_by_hand(struct nw_arena *arena)
{
    struct nw_record *r = nw_record_new(arena);

    if (!r || nw_record_set_body(arena, r, NW_S("a")) || nw_record_set_headline(arena, r, NW_S("a")) ||
        nw_record_set_precision(arena, r, "a", "b") || !NW_APPEND(arena, record, r, bodies, text))
        return -ENOMEM;
    return 0;
}

static void test_no_memory(void **state)
{
    struct nw_arena arena;
    int failed = 1;

    (void)state;
    for (size_t n = 0; failed; n++) {
        nw_arena_init(&arena, 0);
        nw_alloc_fail_after(n);
        int error = make_by_hand(&arena);
        failed = nw_alloc_failed();
        nw_alloc_fail_never();
        assert_int_equal(error, failed ? -ENOMEM : 0);
        assert_true(n > 0 || failed);
        nw_arena_free(&arena);
    }
}

/* Whole lines, so that a table stays a table: "| `key` | … |" for each field below the heading of its type. */
static void test_describe(void **state)
{
    struct nw_buf out;

    (void)state;
    nw_buf_init(&out, 1 << 20);
    assert_int_equal(nw_record_describe(&out), 0);
    assert_int_equal(nw_utf8_valid(nw_buf_view(&out)), out.n);
    for (size_t i = 0; i < NW_TYPE_COUNT; i++) {
        char line[400];
        snprintf(line, sizeof line, "\n## %s\n", nw_types[i].name);
        size_t at = nw_str_find(nw_buf_view(&out), nw_str_z(line));
        assert_true(at != SIZE_MAX);
        struct nw_str part = nw_str_from(nw_buf_view(&out), at + 4);
        size_t end = nw_str_find(part, NW_S("\n## "));
        part.n = end == SIZE_MAX ? part.n : end;
        for (size_t j = 0; j < nw_types[i].count; j++) {
            snprintf(line, sizeof line, "\n| `%s` | ", nw_types[i].fields[j].key);
            assert_true(nw_str_find(part, nw_str_z(line)) != SIZE_MAX);
            assert_null(strpbrk(nw_types[i].fields[j].doc, "|\n"));
            assert_true(strlen(nw_types[i].fields[j].doc) >= 3);
        }
    }
    nw_buf_free(&out);
}

/* What the codecs take for granted of the lists. */
static void test_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < NW_TYPE_COUNT; i++) {
        const struct nw_type *type = &nw_types[i];
        uint64_t bits = 0;
        for (size_t j = 0; j < type->count; j++) {
            const struct nw_field *field = &type->fields[j];
            size_t next = 0;
            assert_true(field->bit && !(bits & field->bit));
            bits |= field->bit;
            assert_int_equal(strlen(field->key), field->key_size);
            assert_int_equal(strspn(field->key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"),
                             field->key_size);
            assert_ptr_equal(nw_field_find(type, &next, nw_str_z(field->key)), field); /* no other has its key */
            assert_int_equal(next, j + 1);
            bool holds = field->kind == NW_KIND_OBJ || field->kind == NW_KIND_LIST;
            assert_int_equal(holds, field->type != NW_TYPE__);
            assert_true(!holds || field->type < i); /* so recursion over types ends */
        }
        size_t next = type->count;
        assert_null(nw_field_find(type, &next, NW_S("no such key")));
    }
    assert_true(nw_record_schema() != 0);
    assert_true(nw_record_schema() == nw_record_schema());
    assert_int_equal(nw_schema_major(nw_record_schema()), NW_SCHEMA_MAJOR);
    assert_true(nw_record_schema() << 8 != 0); /* the hash is there too */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_is_empty), cmocka_unit_test(test_body_and_headline),
        cmocka_unit_test(test_append),       cmocka_unit_test(test_append_without_memory),
        cmocka_unit_test(test_precision),    cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_describe),     cmocka_unit_test(test_tables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
