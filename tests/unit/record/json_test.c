/* Records to JSON and back: always valid JSON in one line, the same record after a round trip, offsets in code points;
 * and nothing hostile comes in. The scalars: json_put_test.c. */
#include "generate.h"

#include <newswire/alloc.h>
#include <newswire/record.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
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

static void test_round_trip(void **state)
{
    struct nw_arena arena;
    struct nw_buf json, again;

    (void)state;
    nw_arena_init(&arena, 0);
    nw_buf_init(&json, NW_RECORD_MAX);
    nw_buf_init(&again, NW_RECORD_MAX);
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct nw_record *made = nw_generate_record(&arena, seed), *read;
        char why[NW_WHY];
        nw_buf_clear(&json);
        nw_buf_clear(&again);
        assert_int_equal(nw_record_to_json(made, &json), 0);
        json_decref(parse(&json));
        if (nw_record_from_json(&arena, nw_buf_view(&json), &read, why) != 0)
            fail_msg("%s", why);
        NW_CLEAR(record, made, raw);
        assert_true(nw_record_equal(made, read));
        assert_int_equal(nw_record_to_json(read, &again), 0);
        assert_true(nw_str_eq(nw_buf_view(&json), nw_buf_view(&again)));
        nw_arena_reset(&arena);
    }
    nw_buf_free(&json);
    nw_buf_free(&again);
    nw_arena_free(&arena);
}

/* The whole of a small record, letter by letter: the order is the lists', the names are ninjs's. */
static void test_letter_by_letter(void **state)
{
    struct nw_arena arena;
    struct nw_buf json;
    struct nw_annotations annotations = {.has = 0};
    struct nw_span sentences[] = {{0, 13}, {14, 99}};
    struct nw_extra extra = {.key = NW_STR("x\"y"),
                             .value = NW_STR("\x93\xc4\x04\x01\x02\x03\xff\xca\x40\x00\x00\x00\xc0")};

    (void)state;
    nw_arena_init(&arena, 0);
    nw_buf_init(&json, 1 << 16);
    struct nw_record *r = nw_record_new(&arena);
    NW_SET(source, r->source, index, -0);
    NW_SET(source, r->source, path, NW_S("wire/a\\b"));
    NW_SET(record, r, first_created, 1642032000000);
    NW_SET(record, r, version_created, 1642032000120);
    NW_SET(record, r, urgency, 3);
    NW_SET(record, r, raw, NW_S("never seen"));
    assert_int_equal(nw_record_set_headline(&arena, r,
                                            NW_S("Ferry \xe2\x80\x9c"
                                                 "Nida\xe2\x80\x9d runs again")),
                     0);
    assert_int_equal(nw_record_set_body(&arena, r, NW_S("K\xc5\xabr\xc4\x97jai! \xf0\x9f\x9a\xa2\n\nTab\there.\x01")),
                     0);
    struct nw_entity *entity = NW_APPEND(&arena, annotations, &annotations, entities, entity);
    NW_SET(entity, entity, type, NW_S("MISC"));
    NW_SET(entity, entity, start, 3); /* "rėj", behind the two bytes of ū */
    NW_SET(entity, entity, end, 7);
    NW_SET(entity, entity, confidence, 0.25);
    entity = NW_APPEND(&arena, annotations, &annotations, entities, entity);
    NW_SET(entity, entity, type, NW_S("LOC"));
    NW_SET(entity, entity, start, 12); /* within the ship's four bytes: its begin */
    NW_SET(entity, entity, end, SIZE_MAX);
    NW_SET(entity, entity, confidence, 1);
    NW_SET(annotations, &annotations, sentences, (struct nw_spans){.v = sentences, .n = 2});
    annotations.extra = &extra;
    NW_SET(record, r, annotations, &annotations);
    struct nw_place *place = NW_APPEND(&arena, record, r, places, place);
    NW_SET(place, place, geo_json, (struct nw_point){.lon = 21.1, .lat = 55});
    assert_int_equal(nw_record_set_precision(&arena, r, "firstCreated", "day"), 0);
    assert_int_equal(nw_record_to_json(r, &json), 0);
    nw_buf_char(&json, '\0');
    assert_string_equal(
        json.p,
        "{\"firstCreated\":\"2022-01-13T00:00:00Z\",\"versionCreated\":\"2022-01-13T00:00:00.120Z\",\"urgency\":3,"
        "\"headlines\":[{\"role\":\"main\",\"value\":\"Ferry “Nida” runs again\"}],"
        "\"bodies\":[{\"role\":\"main\",\"contentType\":\"text/plain\",\"charCount\":22,\"wordCount\":4,"
        "\"value\":\"Kūrėjai! 🚢\\n\\nTab\\there.\\u0001\"}],"
        "\"places\":[{\"geoJSON\":{\"type\":\"Point\",\"coordinates\":[21.1,55]}}],"
        "\"source\":{\"path\":\"wire/a\\\\b\",\"index\":0,\"precision\":{\"firstCreated\":\"day\"}},"
        "\"annotations\":{\"sentences\":[[0,9],[9,22]],"
        "\"entities\":[{\"type\":\"MISC\",\"start\":2,\"end\":5,\"confidence\":0.25},"
        "{\"type\":\"LOC\",\"start\":9,\"end\":22,\"confidence\":1}],\"x\\\"y\":[\"AQID/w==\",2.0,null]}}");
    nw_buf_free(&json);
    nw_arena_free(&arena);
}

/* A body that is no UTF-8, which no decoder lets in but a stage may make: still valid JSON, offsets within the text. */
static void test_broken_text(void **state)
{
    struct nw_arena arena;
    struct nw_buf json;
    struct nw_annotations annotations = {.has = 0};
    struct nw_generator g = {.arena = &arena, .state = 79};

    (void)state;
    nw_arena_init(&arena, 0);
    nw_buf_init(&json, 1 << 20);
    for (int i = 0; i < 300; i++) {
        struct nw_record *r = nw_record_new(&arena);
        char bytes[300];
        for (size_t j = 0; j < sizeof bytes; j++)
            bytes[j] = (char)(nw_generate_u64(&g) >> 20 | (i % 2 ? 0x80 : 0));
        NW_SET(record, r, uri, nw_str(bytes, 100));
        nw_record_set_body(&arena, r, nw_str(bytes, nw_generate_below(&g, sizeof bytes)));
        annotations = (struct nw_annotations){.has = 0};
        for (int j = 0; j < 10; j++) {
            struct nw_quote *quote = NW_APPEND(&arena, annotations, &annotations, quotes, quote);
            NW_SET(quote, quote, start, nw_generate_below(&g, 310));
            NW_SET(quote, quote, end, nw_generate_below(&g, 310));
        }
        NW_SET(record, r, annotations, &annotations);
        nw_buf_clear(&json);
        assert_int_equal(nw_record_to_json(r, &json), 0);
        json_t *tree = parse(&json);
        const json_t *body = json_object_get(json_array_get(json_object_get(tree, "bodies"), 0), "value");
        struct nw_str text = nw_str(json_string_value(body), json_string_length(body));
        const json_t *quotes = json_object_get(json_object_get(tree, "annotations"), "quotes");
        for (size_t j = 0; j < 10; j++) {
            json_int_t end = json_integer_value(json_object_get(json_array_get(quotes, j), "end"));
            assert_true(end >= 0 && (size_t)end <= nw_utf8_count(text));
        }
        json_decref(tree);
        nw_arena_reset(&arena);
    }
    nw_buf_free(&json);
    nw_arena_free(&arena);
}

static void test_sentences(void **state)
{
    static const struct {
        const char *json, *why;
    } cases[] = {
        {"[]", "the record: expected an object, found an array"},
        {"{}", "source: expected a map, found nothing"},
        {"{\"source\":{\"index\":\"0\"}}", "source.index: expected an integer of 64 bits, found a string"},
        {"{\"source\":{\"index\":0.5}}", "source.index: expected an integer of 64 bits, found a real number"},
        {"{\"source\":{\"index\":0},\"raw\":\"AA==\"}",
         "raw: expected nothing, for bytes have no form in JSON, found a string"},
        {"{\"source\":{\"index\":0},\"firstCreated\":\"yesterday\"}",
         "firstCreated: expected a time within the years 0 to 9999, found a string"},
        {"{\"source\":{\"index\":0},\"firstCreated\":\"9999-12-31T23:59:59-01:00\"}",
         "firstCreated: expected a time within the years 0 to 9999, found a string"},
        {"{\"annotations\":{\"quotes\":[{\"start\":0,\"end\":-1}]}}",
         "annotations.quotes[0].end: expected an unsigned integer, found an integer"},
        {"{\"annotations\":{\"sentences\":[[0,1],[1]]}}",
         "annotations.sentences[1]: expected [start, end], two unsigned integers, found an array"},
        {"{\"places\":[{\"geoJSON\":{\"type\":\"Polygon\",\"coordinates\":[[0,0]]}}]}",
         "places[0].geoJSON: expected a point in degrees (-180 to 180, -90 to 90), found an object"},
        {"{\"places\":[{\"geoJSON\":{\"type\":\"Point\",\"coordinates\":[0,90.5]}}]}",
         "places[0].geoJSON: expected a point in degrees (-180 to 180, -90 to 90), found an object"},
        {"{\"people\":{}}", "people: expected a list of maps, found an object"},
        {"{\"people\":[7]}", "people[0]: expected an object, found an integer"},
        {"{\"by\":\"\\ud800\"}", "the record: expected JSON, found at byte "},
        {"{\"by\":\"a\\u0000b\"}", "the record: expected JSON, found at byte "},
        {"{\"by\":\"\xff\"}", "the record: expected JSON, found at byte "},
        {"{\"by\":\"a\",\"by\":\"b\"}", "the record: expected JSON, found at byte "},
        {"{\"by\":\"a\"} {}", "the record: expected JSON, found at byte "},
        {"", "the record: expected JSON, found at byte "},
        {"{\"x\":[[[[[[[[[[[[[[[[", "the record: expected at most 16 nested containers, found more at byte 20"},
    };
    struct nw_arena arena;

    (void)state;
    nw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nw_record *read;
        char why[NW_WHY];
        assert_int_equal(nw_record_from_json(&arena, nw_str_z(cases[i].json), &read, why), NW_BAD_RECORD);
        if (nw_str_ends(nw_str_z(cases[i].why), NW_S("byte ")))
            why[strlen(cases[i].why)] = '\0';
        assert_string_equal(why, cases[i].why);
        assert_null(read);
    }
    nw_arena_free(&arena);
}

/* What other writers do: any order, numbers in other forms, null for nothing, spaces, escapes. */
static void test_other_forms(void **state)
{
    static const char text[] =
        " { \"annotations\": {\"entities\": [{\"end\": 2.0, \"start\": 1e0, \"type\": \"PER\", \"confidence\": 1}],"
        "\"mine\": {\"deep\": [1, -2, 3.5, true, null, \"\\u00e9\\ud83d\\udea2\"]}},\n \"by\": null,"
        "\"firstCreated\": \"2022-01-13T02:00:00+02:00\", "
        "\"places\":[{\"geoJSON\":{\"coordinates\":[1,2,300],\"type\":\"Point\"}}],"
        "\"bodies\": [{\"value\": \"\\u017da\"}], \"source\": {\"index\": 4, \"precision\": null} } ";
    struct nw_arena arena;
    struct nw_record *read;
    char why[NW_WHY];

    (void)state;
    nw_arena_init(&arena, 0);
    if (nw_record_from_json(&arena, nw_str_z(text), &read, why) != 0)
        fail_msg("%s", why);
    assert_int_equal(read->has, NW_F(annotations) | NW_F(first_created) | NW_F(bodies) | NW_F(source) | NW_F(places));
    assert_int_equal(read->source->has, NW_BIT(source, index));
    assert_int_equal(read->first_created, 1642032000000);
    assert_true(read->places.v[0].geo_json.lon == 1 && read->places.v[0].geo_json.lat == 2);
    assert_int_equal(read->annotations->entities.v[0].start, 2); /* ž has two bytes */
    assert_int_equal(read->annotations->entities.v[0].end, 3);
    assert_true(read->annotations->entities.v[0].confidence == 1);
    assert_true(nw_str_eq(read->annotations->extra->key, NW_S("mine")));
    assert_true(nw_str_eq(read->annotations->extra->value,
                          NW_S("\x81\xa4"
                               "deep\x96\x01\xfe\xcb\x40\x0c\x00\x00\x00\x00\x00\x00\xc3\xc0\xa6"
                               "\xc3\xa9\xf0\x9f\x9a\xa2")));
    nw_arena_free(&arena);
}

/* A few bytes that would make jansson take gigabytes, or stack. */
static void test_bombs(void **state)
{
    size_t n = 3 << 20;
    char *p = malloc(n);
    struct nw_arena arena;
    struct nw_record *read;
    char why[NW_WHY];

    (void)state;
    assert_non_null(p);
    nw_arena_init(&arena, 0);
    memset(p, '[', n);
    assert_int_equal(nw_record_from_json(&arena, nw_str(p, n), &read, why), NW_BAD_RECORD);
    for (size_t i = 0; i < n; i++)
        p[i] = "0,"[i % 2];
    p[0] = '[';
    assert_int_equal(nw_record_from_json(&arena, nw_str(p, n), &read, why), NW_BAD_RECORD);
    assert_true(nw_str_starts(nw_str_z(why), NW_S("the record: expected at most 1048576 values, found more")));
    nw_arena_free(&arena);
    free(p);
}

static void test_no_memory(void **state)
{
    struct nw_arena arena, made_in;
    struct nw_record *made, *read;
    struct nw_buf json, again;
    char why[NW_WHY];

    (void)state;
    nw_arena_init(&made_in, 0);
    nw_buf_init(&json, NW_RECORD_MAX);
    made = nw_record_new(&made_in);
    NW_SET(source, made->source, index, 0);
    for (int i = 0; i < 3000; i++) {
        struct nw_text *text = NW_APPEND(&made_in, record, made, headlines, text);
        NW_SET(text, text, value, NW_S("Harbour reopens after storm"));
    }
    nw_record_set_precision(&made_in, made, "firstCreated", "day");
    for (size_t n = 0, failed = 1; failed; n++) {
        nw_buf_free(&json);
        nw_alloc_fail_after(n);
        int error = nw_record_to_json(made, &json);
        failed = (size_t)nw_alloc_failed();
        nw_alloc_fail_never();
        assert_int_equal(error, failed ? -ENOMEM : 0);
        assert_true(n > 0 || failed);
    }
    for (size_t n = 0, failed = 1; failed; n++) {
        nw_arena_init(&arena, 0);
        nw_alloc_fail_after(n);
        int error = nw_record_from_json(&arena, nw_buf_view(&json), &read, why);
        failed = (size_t)nw_alloc_failed();
        nw_alloc_fail_never();
        assert_int_equal(error, failed ? -ENOMEM : 0);
        assert_true(failed || nw_record_equal(made, read));
        assert_true(n > 0 || failed);
        nw_arena_free(&arena);
    }
    nw_buf_init(&again, json.n - 1);
    assert_int_equal(nw_record_to_json(made, &again), -EMSGSIZE);
    nw_buf_free(&again);
    nw_buf_free(&json);
    nw_arena_free(&made_in);
}

/* Any one byte changed: refused, or a record that goes out and comes in again. */
static void test_mutations(void **state)
{
    struct nw_arena arena;
    struct nw_buf json, again;
    size_t good = 0, bad = 0;
    struct nw_generator g = {.state = 80};

    (void)state;
    nw_arena_init(&arena, 0);
    nw_buf_init(&json, NW_RECORD_MAX);
    nw_buf_init(&again, NW_RECORD_MAX);
    for (uint64_t seed = 200; seed < 206; seed++) {
        nw_buf_clear(&json);
        nw_record_to_json(nw_generate_record(&arena, seed), &json);
        for (size_t at = 0; at < json.n; at++) {
            struct nw_record *read, *twice;
            char why[NW_WHY], was = json.p[at];
            json.p[at] = (char)(nw_generate_u64(&g) >> 24 & 0x7f);
            nw_arena_reset(&arena);
            int error = nw_record_from_json(&arena, nw_buf_view(&json), &read, why);
            assert_true(error == 0 || error == NW_BAD_RECORD);
            if (!error) {
                good++;
                nw_buf_clear(&again);
                assert_int_equal(nw_record_to_json(read, &again), 0);
                assert_int_equal(nw_record_from_json(&arena, nw_buf_view(&again), &twice, why), 0);
                assert_true(nw_record_equal(read, twice));
            } else {
                bad++;
                assert_int_equal(nw_utf8_valid(nw_str_z(why)), strlen(why));
            }
            json.p[at] = was;
        }
    }
    assert_true(good > 500 && bad > 500);
    nw_buf_free(&json);
    nw_buf_free(&again);
    nw_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_letter_by_letter), cmocka_unit_test(test_broken_text),
        cmocka_unit_test(test_sentences),  cmocka_unit_test(test_other_forms),      cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_no_memory),  cmocka_unit_test(test_mutations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
