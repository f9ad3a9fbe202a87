/* Records to msgpack and back: what goes in comes out. Most of it holds for every field that the tables list, by
 * records at random (generate.h). What must not come in: refuse_test.c. */
#include "generate.h"
#include "record/unpack.h"

#include <newswire/record.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RECORDS = 400 };

/* A copy of exact size, so that AddressSanitizer sees a read behind its end. */
static struct nw_str exact(struct nw_str s)
{
    char *copy = malloc(s.n ? s.n : 1);

    assert_non_null(copy);
    if (s.n)
        memcpy(copy, s.p, s.n);
    return nw_str(copy, s.n);
}

static void release(struct nw_str s)
{
    free((char *)(uintptr_t)s.p);
}

/* Decodes, and shows the sentence of a failure that the caller did not expect. */
static int decode(struct nw_arena *arena, struct nw_str bytes, struct nw_record **record)
{
    char why[NW_WHY];
    int error = nw_record_decode(arena, bytes, record, why);

    if (error == 0)
        assert_string_equal(why, "");
    else
        assert_null(*record);
    if (error == NW_BAD_RECORD) {
        assert_true(strlen(why) > 10);
        assert_int_equal(nw_utf8_valid(nw_str_z(why)), strlen(why));
    }
    return error;
}

static void test_round_trip(void **state)
{
    struct nw_arena arena, other;
    struct nw_buf bytes, again;

    (void)state;
    nw_arena_init(&arena, 0);
    nw_arena_init(&other, 0);
    nw_buf_init(&bytes, NW_RECORD_MAX);
    nw_buf_init(&again, NW_RECORD_MAX);
    for (uint64_t seed = 0; seed < RECORDS; seed++) {
        struct nw_record *made = nw_generate_record(&arena, seed), *read;
        nw_buf_clear(&bytes);
        nw_buf_clear(&again);
        assert_int_equal(nw_record_encode(made, &bytes), 0);
        assert_int_equal(nw_record_walk(nw_buf_view(&bytes)), bytes.n);
        struct nw_str copy = exact(nw_buf_view(&bytes));
        assert_int_equal(decode(&other, copy, &read), 0);
        assert_true(nw_record_equal(made, read));
        assert_true(nw_record_equal(read, made));
        assert_int_equal(nw_record_encode(read, &again), 0);
        assert_true(nw_str_eq(nw_buf_view(&bytes), nw_buf_view(&again)));
        release(copy);
        nw_arena_reset(&arena);
        nw_arena_reset(&other);
    }
    nw_buf_free(&bytes);
    nw_buf_free(&again);
    nw_arena_free(&arena);
    nw_arena_free(&other);
}

/* The generator leaves no field out: else the properties above would hold for less than they say. */
static void test_generator_reaches_every_field(void **state)
{
    uint64_t seen[NW_TYPE_COUNT] = {0};
    struct nw_arena arena;

    (void)state;
    nw_arena_init(&arena, 0);
    for (uint64_t seed = 0; seed < RECORDS; seed++) {
        const struct {
            const struct nw_type *type;
            const void *object;
        } root = {&nw_types[NW_TYPE_record], nw_generate_record(&arena, seed)};
        struct {
            const struct nw_type *type;
            const void *object;
        } stack[400] = {{root.type, root.object}};
        for (size_t n = 1; n > 0;) {
            const struct nw_type *type = stack[--n].type;
            const void *object = stack[n].object;
            seen[type - nw_types] |= ((const struct nw_head *)object)->has;
            for (const struct nw_field *field = type->fields; field < type->fields + type->count; field++) {
                if (field->type == NW_TYPE__ || !nw_present(field, object))
                    continue;
                struct nw_list list = {.n = 1};
                if (field->kind == NW_KIND_LIST)
                    list = nw_member_list(field, object);
                for (size_t i = 0; i < list.n; i++) {
                    assert_true(n < sizeof stack / sizeof *stack);
                    stack[n].type = &nw_types[field->type];
                    stack[n++].object =
                        field->kind == NW_KIND_LIST ? nw_element(field, list, i) : nw_member_object(field, object);
                }
            }
        }
        nw_arena_reset(&arena);
    }
    for (size_t i = 0; i < NW_TYPE_COUNT; i++)
        assert_true(seen[i] == UINT64_MAX >> (64 - nw_types[i].count));
    nw_arena_free(&arena);
}

/* One changed member makes two records differ. */
static void test_equal_sees_every_field(void **state)
{
    struct nw_arena arena;

    (void)state;
    nw_arena_init(&arena, 0);
    for (size_t i = 0; i < nw_types[NW_TYPE_record].count; i++) {
        const struct nw_field *field = &nw_types[NW_TYPE_record].fields[i];
        for (uint64_t seed = 0; seed < 40; seed++) {
            struct nw_record *a = nw_generate_record(&arena, seed), *b = nw_generate_record(&arena, seed);
            assert_true(nw_record_equal(a, b));
            b->has ^= field->bit;
            if (nw_present(field, a) != nw_present(field, b)) {
                assert_false(nw_record_equal(a, b));
                assert_false(nw_record_equal(b, a));
            }
            if (seed % 2) {
                struct nw_generator g = {.arena = &arena, .state = seed * 7919, .body = nw_record_body(a)};
                size_t least = 0;
                struct nw_buf one, two;
                b->has |= field->bit;
                nw_generate_member(&g, field, b, &least);
                nw_buf_init(&one, NW_RECORD_MAX);
                nw_buf_init(&two, NW_RECORD_MAX);
                nw_record_encode(a, &one);
                nw_record_encode(b, &two);
                assert_int_equal(nw_record_equal(a, b), nw_str_eq(nw_buf_view(&one), nw_buf_view(&two)));
                nw_buf_free(&one);
                nw_buf_free(&two);
            }
        }
        nw_arena_reset(&arena);
    }
    nw_arena_free(&arena);
}

/* A writer in another language: keys in any order, every head in its longest form. */
static void test_other_order_and_forms(void **state)
{
    struct nw_arena arena;
    struct nw_buf bytes, out;

    (void)state;
    nw_arena_init(&arena, 0);
    nw_buf_init(&bytes, NW_RECORD_MAX);
    nw_buf_init(&out, NW_RECORD_MAX);
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct nw_record *made = nw_generate_record(&arena, seed), *read;
        struct nw_str keys[64], values[64];
        struct nw_generator g = {.arena = &arena, .state = seed + 1};
        size_t n;
        nw_buf_clear(&bytes);
        nw_buf_clear(&out);
        nw_record_encode(made, &bytes);
        struct nw_unpack in = nw_unpack(nw_buf_view(&bytes));
        assert_true(nw_unpack_map(&in, &n) && n <= 64);
        for (size_t i = 0; i < n; i++) {
            size_t j = nw_generate_below(&g, i + 1);
            keys[i] = keys[j];
            values[i] = values[j];
            assert_true(nw_unpack_str(&in, &keys[j]) && nw_unpack_skip(&in, &values[j]));
        }
        nw_buf_add(&out, "\xdf\0\0\0", 4);
        nw_buf_char(&out, (char)n);
        for (size_t i = 0; i < n; i++) {
            nw_buf_add(&out, "\xdb\0\0\0", 4);
            nw_buf_char(&out, (char)keys[i].n);
            nw_buf_str(&out, keys[i]);
            nw_buf_str(&out, values[i]);
        }
        assert_int_equal(decode(&arena, nw_buf_view(&out), &read), 0);
        assert_true(nw_record_equal(made, read));
        nw_arena_reset(&arena);
    }
    nw_buf_free(&bytes);
    nw_buf_free(&out);
    nw_arena_free(&arena);
}

static void test_extras(void **state)
{
    struct nw_arena arena;
    struct nw_record *read;
    struct nw_buf out, again;
    char why[NW_WHY];

    (void)state;
    nw_arena_init(&arena, 0);
    nw_buf_init(&out, NW_RECORD_MAX);
    nw_buf_init(&again, NW_RECORD_MAX);
    for (size_t n = NW_RECORD_EXTRAS; n <= NW_RECORD_EXTRAS + 1; n++) {
        nw_buf_clear(&out);
        nw_pack_map(&out, n + 1);
        nw_pack_str(&out, NW_S("source"));
        nw_pack_map(&out, 1);
        nw_pack_str(&out, NW_S("index"));
        nw_pack_int(&out, 0);
        for (size_t i = 0; i < n; i++) {
            struct nw_str key = nw_arena_printf(&arena, "key %zu", n - i);
            nw_pack_str(&out, key);
            nw_pack_bin(&out, key);
        }
        int error = nw_record_decode(&arena, nw_buf_view(&out), &read, why);
        assert_int_equal(error, n > NW_RECORD_EXTRAS ? NW_BAD_RECORD : 0);
        if (error) {
            assert_string_equal(why, "the record: expected at most 256 unknown keys, found more");
        } else {
            assert_int_equal(nw_record_encode(read, &again), 0);
            assert_true(nw_str_eq(nw_buf_view(&out), nw_buf_view(&again)));
        }
    }
    nw_buf_free(&out);
    nw_buf_free(&again);
    nw_arena_free(&arena);
}

/* Members that can't be written are as if they were not there; the rest of the record goes on. */
static void test_unwritable_members_are_left_out(void **state)
{
    static const struct nw_str bad_values[] = {NW_STR(""), NW_STR("\x92\x01"), NW_STR("\x01\x01"), NW_STR("\xc0"),
                                               NW_STR("\x81\x01\x01")};
    struct nw_arena arena;
    struct nw_buf out;

    (void)state;
    nw_arena_init(&arena, 0);
    nw_buf_init(&out, NW_RECORD_MAX);
    for (size_t i = 0; i < sizeof bad_values / sizeof *bad_values; i++) {
        struct nw_record *record = nw_record_new(&arena), *read;
        struct nw_extra *extra = NW_ARENA_NEW(&arena, struct nw_extra, 1);
        struct nw_place place = {.has = 0};
        struct nw_story story = {.has = 0};
        NW_SET(source, record->source, index, 1);
        NW_SET(story, &story, similarity, i % 2 ? (double)NAN : (double)INFINITY);
        NW_SET(place, &place, geo_json, (struct nw_point){.lon = 0, .lat = i % 2 ? 91 : (double)NAN});
        NW_SET(record, record, places, (struct nw_place_list){.v = &place, .n = 1});
        NW_SET(record, record, story, &story);
        NW_SET(record, record, version_created, i % 2 ? INT64_MIN : INT64_MAX);
        NW_SET(source, record->source, precision, bad_values[i]);
        NW_SET(record, record, annotations, NULL);
        *extra = (struct nw_extra){.key = NW_STR("x"), .value = bad_values[i]};
        record->extra = extra;
        nw_buf_clear(&out);
        assert_int_equal(nw_record_encode(record, &out), 0);
        assert_int_equal(decode(&arena, nw_buf_view(&out), &read), 0);
        assert_int_equal(read->has, NW_F(source) | NW_F(places) | NW_F(story));
        assert_int_equal(read->story->has, 0);
        assert_int_equal(read->places.n, 1);
        assert_int_equal(read->places.v[0].has, 0);
        assert_null(read->extra);
        assert_true(nw_record_equal(record, read));
        nw_buf_clear(&out);
        assert_int_equal(nw_record_to_json(record, &out), 0);
        assert_true(nw_str_eq(nw_buf_view(&out), NW_S("{\"places\":[{}],\"source\":{\"index\":1},\"story\":{}}")));
    }
    nw_buf_free(&out);
    nw_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_generator_reaches_every_field),
        cmocka_unit_test(test_equal_sees_every_field),
        cmocka_unit_test(test_other_order_and_forms),
        cmocka_unit_test(test_extras),
        cmocka_unit_test(test_unwritable_members_are_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
