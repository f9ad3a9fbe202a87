/* What nw_record_decode must refuse, with which sentence, and that nothing hostile takes memory or reads beyond the
 * end. */
#include "generate.h"
#include "record/json_any.h"

#include <newswire/alloc.h>
#include <newswire/record.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>

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

static void test_truncations(void **state)
{
    struct nw_arena arena;
    struct nw_buf bytes;
    struct nw_record *read;

    (void)state;
    nw_arena_init(&arena, 0);
    nw_buf_init(&bytes, NW_RECORD_MAX);
    for (uint64_t seed = 0; seed < 30; seed++) {
        nw_buf_clear(&bytes);
        nw_record_encode(nw_generate_record(&arena, seed), &bytes);
        for (size_t n = 0; n < bytes.n; n++) {
            struct nw_str cut = exact(nw_str(bytes.p, n));
            nw_arena_reset(&arena);
            assert_int_equal(decode(&arena, cut, &read), NW_BAD_RECORD);
            assert_int_equal(nw_record_walk(cut), 0);
            release(cut);
        }
        nw_buf_char(&bytes, 0);
        assert_int_equal(decode(&arena, nw_buf_view(&bytes), &read), NW_BAD_RECORD);
    }
    nw_buf_free(&bytes);
    nw_arena_free(&arena);
}

/* A byte changed: either no record, or one that is as good as any. */
static void test_mutations(void **state)
{
    struct nw_arena arena, other;
    struct nw_buf bytes, again, json;
    struct nw_record *read, *twice;
    size_t good = 0, bad = 0;
    uint64_t random = 1;

    (void)state;
    nw_arena_init(&arena, 0);
    nw_arena_init(&other, 0);
    nw_buf_init(&bytes, NW_RECORD_MAX);
    nw_buf_init(&again, NW_RECORD_MAX);
    nw_buf_init(&json, NW_RECORD_MAX);
    for (uint64_t seed = 100; seed < 120; seed++) {
        nw_buf_clear(&bytes);
        nw_record_encode(nw_generate_record(&arena, seed), &bytes);
        for (size_t at = 0; at < bytes.n; at++) {
            char was = bytes.p[at];
            random = random * 6364136223846793005u + 1442695040888963407u;
            bytes.p[at] = (char)(random >> 40);
            struct nw_str copy = exact(nw_buf_view(&bytes));
            nw_arena_reset(&arena);
            int error = decode(&arena, copy, &read);
            assert_true(error == 0 || error == NW_BAD_RECORD);
            good += error == 0;
            bad += error != 0;
            if (!error) {
                nw_buf_clear(&again);
                nw_buf_clear(&json);
                nw_arena_reset(&other);
                assert_int_equal(nw_record_encode(read, &again), 0);
                assert_int_equal(decode(&other, nw_buf_view(&again), &twice), 0);
                assert_true(nw_record_equal(read, twice));
                assert_int_equal(nw_record_to_json(read, &json), 0);
                json_error_t fault;
                json_t *tree = json_loadb(json.p, json.n, JSON_DECODE_INT_AS_REAL, &fault);
                if (!tree)
                    fail_msg("%s: %.*s", fault.text, (int)json.n, json.p);
                json_decref(tree);
            }
            release(copy);
            bytes.p[at] = was;
        }
    }
    assert_true(good > 1000 && bad > 1000);
    nw_buf_free(&bytes);
    nw_buf_free(&again);
    nw_buf_free(&json);
    nw_arena_free(&arena);
    nw_arena_free(&other);
}

/* msgpack of a JSON text: a short way to write records that are wrong. */
static struct nw_str msgpack_of(struct nw_arena *arena, const char *text)
{
    struct nw_buf out;
    struct nw_str made;
    json_t *tree = json_loads(text, JSON_ALLOW_NUL, NULL);

    assert_non_null(tree);
    nw_buf_init(&out, NW_RECORD_MAX);
    assert_int_equal(nw_json_to_msgpack(tree, &out), 0);
    made = nw_arena_dup(arena, nw_buf_view(&out));
    nw_buf_free(&out);
    json_decref(tree);
    return made;
}

static void test_sentences(void **state)
{
    static const struct {
        const char *json, *why;
    } cases[] = {
        {"[]", "the record: expected a map, found array"},
        {"{}", "source: expected a map, found nothing"},
        {"{\"source\": null}", "source: expected a map, found nothing"},
        {"{\"source\": {}}", "source.index: expected an integer of 64 bits, found nothing"},
        {"{\"source\": {\"index\": 1.5}}", "source.index: expected an integer of 64 bits, found float"},
        {"{\"uri\": 7, \"source\": {\"index\": 1}}", "uri: expected text, found int"},
        {"{\"bodies\": {}, \"source\": {\"index\": 1}}", "bodies: expected a list of maps, found map"},
        {"{\"bodies\": [{\"value\": \"a\"}, {}]}", "bodies[1].value: expected text, found nothing"},
        {"{\"bodies\": [[]]}", "bodies[0]: expected a map, found array"},
        {"{\"raw\": \"a\"}", "raw: expected bytes, found str"},
        {"{\"firstCreated\": \"2022\"}", "firstCreated: expected a time within the years 0 to 9999, found str"},
        {"{\"firstCreated\": 253402300800000}", "firstCreated: expected a time within the years 0 to 9999, found int"},
        {"{\"annotations\": {\"entities\": [{\"type\": \"PER\", \"start\": 0, \"end\": 1}, {\"start\": \"x\"}]}}",
         "annotations.entities[1].start: expected an unsigned integer, found str"},
        {"{\"annotations\": {\"entities\": [{\"start\": -1}]}}",
         "annotations.entities[0].start: expected an unsigned integer, found int"},
        {"{\"annotations\": {\"sentences\": [[0, 1], [2]]}}",
         "annotations.sentences[1]: expected [start, end], found 1 values"},
        {"{\"annotations\": {\"sentences\": [[0, true]]}}",
         "annotations.sentences[0]: expected an unsigned integer, found bool"},
        {"{\"annotations\": {\"quotes\": [{\"direct\": 1}]}}",
         "annotations.quotes[0].direct: expected true or false, found int"},
        {"{\"places\": [{\"geoJSON\": [181, 0]}]}",
         "places[0].geoJSON: expected a point in degrees (-180 to 180, -90 to 90), found array"},
        {"{\"story\": {\"similarity\": \"high\"}}", "story.similarity: expected a finite number, found str"},
        {"{\"x\": [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}",
         "x: expected a value that nests at most 16 deep and is whole, found array"},
    };
    struct nw_arena arena;

    (void)state;
    nw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nw_record *read;
        char why[NW_WHY];
        /* JSON of depth 17 does not pass nw_json_to_msgpack: one level less, and a head by hand. */
        struct nw_str bytes = msgpack_of(&arena, cases[i].json[1] == '"' && cases[i].json[2] == 'x'
                                                     ? "{\"x\": [[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}"
                                                     : cases[i].json);
        if (bytes.n > 3 && bytes.p[2] == 'x')
            bytes = nw_arena_printf(&arena, "%.3s\x91%.*s", bytes.p, (int)bytes.n - 3, bytes.p + 3);
        assert_int_equal(nw_record_decode(&arena, bytes, &read, why), NW_BAD_RECORD);
        assert_string_equal(why, cases[i].why);
    }
    nw_arena_free(&arena);
}

/* Bytes that JSON can't say. */
static void test_hostile(void **state)
{
    static const struct {
        struct nw_str bytes;
        const char *why;
    } cases[] = {
        {NW_STR("\xdd\x20\x00\x00\x00"), "the record: expected a map, found an array cut off or past the bounds"},
        {NW_STR("\xdf\x10\x00\x00\x00"), "the record: expected a map, found a map cut off or past the bounds"},
        {NW_STR("\x81\xa6"
                "bodies\xdd\x20\x00\x00\x00"),
         "bodies: expected a list of maps, found an array cut off or past the bounds"},
        {NW_STR(""), "the record: expected a map, found the end"},
        {NW_STR("\x81\x01\x01"), "the record: expected a text key, found int"},
        {NW_STR("\x81\xa3"
                "uri\xa2\xc3\x28"),
         "uri: expected UTF-8, which the text is not from byte 0 of 2 on"},
        {NW_STR("\x81\xa3"
                "uri\xa3\xed\xa0\x80"),
         "uri: expected UTF-8, which the text is not from byte 0 of 3 on"},
        {NW_STR("\x81\xa2\xff\x01\x01"), "??: expected UTF-8, which the text is not from byte 0 of 2 on"},
        {NW_STR("\x81\xa1\x01\xa1\xff"), "?: expected a value of UTF-8 and text keys, found text that is not UTF-8"},
        {NW_STR("\x81\xa1"
                "x\x81\x01\x02"),
         "x: expected a value of UTF-8 and text keys, found a map key that is no text"},
        {NW_STR("\x82\xa2"
                "by\xa1"
                "a\xa2"
                "by\xa1"
                "b"),
         "by: expected each key once, found it twice"},
        {NW_STR("\x82\xa2"
                "by\xc0\xa2"
                "by\xa1"
                "b"),
         "by: expected each key once, found it twice"},
        {NW_STR("\x82\xa1"
                "x\x01\xa1"
                "x\x02"),
         "x: expected each key once, found it twice"},
        {NW_STR("\x81\xa5"
                "story\x81\xaa"
                "similarity\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00"),
         "story.similarity: expected a finite number, found float"},
        {NW_STR("\x81\xa6"
                "source\x81\xa5"
                "index\xcf\x80\x00\x00\x00\x00\x00\x00\x00"),
         "source.index: expected an integer of 64 bits, found int"},
        {NW_STR("\x81\xa6"
                "source\x81\xa5"
                "index\x01\xc0"),
         "the record: expected nothing behind it, found 1 bytes"},
        {NW_STR("\x81\xa6"
                "source\x81\xa5"
                "index\xc1"),
         "source.index: expected an integer of 64 bits, found no msgpack"},
    };
    struct nw_arena arena;

    (void)state;
    nw_arena_init(&arena, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nw_str copy = exact(cases[i].bytes);
        struct nw_record *read;
        char why[NW_WHY];
        assert_int_equal(nw_record_decode(&arena, copy, &read, why), NW_BAD_RECORD);
        assert_string_equal(why, cases[i].why);
        release(copy);
    }
    nw_arena_free(&arena);
}

static void test_nil_is_absent(void **state)
{
    struct nw_arena arena;
    struct nw_record *read;

    (void)state;
    nw_arena_init(&arena, 0);
    struct nw_str bytes = msgpack_of(&arena, "{\"by\": null, \"raw\": null, \"associations\": null, \"bodies\": null,"
                                             " \"source\": {\"index\": 3, \"path\": null}, \"story\": null}");
    assert_int_equal(decode(&arena, bytes, &read), 0);
    assert_int_equal(read->has, NW_F(source));
    assert_int_equal(read->source->has, NW_BIT(source, index));
    assert_int_equal(read->source->index, 3);
    assert_null(read->extra);
    nw_arena_free(&arena);
}

/* Whatever allocation fails, the answer is -ENOMEM and nothing is lost or left behind. */
static void test_no_memory(void **state)
{
    struct nw_arena arena, made_in;
    struct nw_buf bytes, again;
    char why[NW_WHY];

    (void)state;
    nw_arena_init(&made_in, 0);
    nw_buf_init(&bytes, NW_RECORD_MAX);
    struct nw_record *made = nw_record_new(&made_in), *read;
    NW_SET(source, made->source, index, 0);
    for (size_t i = 0; i < 3000; i++) { /* enough for a dozen blocks of an arena */
        struct nw_text *text = NW_APPEND(&made_in, record, made, headlines, text);
        NW_SET(text, text, value, NW_S("Harbour reopens after storm"));
    }
    assert_int_equal(nw_record_encode(made, &bytes), 0);
    for (size_t n = 0, failed = 1; failed; n++) {
        nw_arena_init(&arena, 0);
        nw_alloc_fail_after(n);
        int error = nw_record_decode(&arena, nw_buf_view(&bytes), &read, why);
        failed = (size_t)nw_alloc_failed();
        nw_alloc_fail_never();
        assert_int_equal(error, failed ? -ENOMEM : 0);
        assert_true(failed || nw_record_equal(made, read));
        assert_true(n > 0 || failed);
        nw_arena_free(&arena);
    }
    for (size_t n = 0, failed = 1; failed; n++) {
        nw_buf_init(&again, NW_RECORD_MAX);
        nw_alloc_fail_after(n);
        int error = nw_record_encode(made, &again);
        failed = (size_t)nw_alloc_failed();
        nw_alloc_fail_never();
        assert_int_equal(error, failed ? -ENOMEM : 0);
        assert_true(failed || nw_str_eq(nw_buf_view(&bytes), nw_buf_view(&again)));
        assert_true(n > 0 || failed);
        nw_buf_free(&again);
    }
    nw_buf_init(&again, bytes.n - 1);
    assert_int_equal(nw_record_encode(made, &again), -EMSGSIZE);
    nw_buf_free(&again);

    /* 16 MiB that claim a million entities may not take more than an arena allows. */
    nw_arena_init(&arena, 1 << 20);
    nw_buf_clear(&bytes);
    nw_pack_map(&bytes, 1);
    nw_pack_str(&bytes, NW_S("headlines"));
    nw_pack_array(&bytes, 1 << 20);
    for (size_t i = 0; i < 1 << 20; i++)
        nw_buf_char(&bytes, (char)0x80);
    assert_int_equal(nw_record_decode(&arena, nw_buf_view(&bytes), &read, why), NW_BAD_RECORD);
    nw_arena_free(&arena);

    nw_buf_free(&bytes);
    nw_arena_free(&made_in);
}

static void test_too_long(void **state)
{
    char *p = calloc(1, NW_RECORD_MAX + 1);
    struct nw_arena arena;
    struct nw_record *read;
    char why[NW_WHY];

    (void)state;
    assert_non_null(p);
    nw_arena_init(&arena, 0);
    assert_int_equal(nw_record_decode(&arena, nw_str(p, NW_RECORD_MAX + 1), &read, why), NW_BAD_RECORD);
    assert_string_equal(why, "the record: expected at most 16777216 bytes, found 16777217");
    memcpy(p, "\xc6\x00\xff\xff\xfb", 5); /* a bin that fills NW_RECORD_MAX */
    assert_int_equal(nw_record_walk(nw_str(p, NW_RECORD_MAX + 1)), NW_RECORD_MAX);
    p[4] = (char)0xfc;
    assert_int_equal(nw_record_walk(nw_str(p, NW_RECORD_MAX + 1)), 0);
    nw_arena_free(&arena);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truncations), cmocka_unit_test(test_mutations),     cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_hostile),     cmocka_unit_test(test_nil_is_absent), cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
