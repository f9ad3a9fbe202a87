/* The language of queries: what matches, what is wrong and where; and an index that finds just what matches. */
#include "query/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { QUERIES = 400, ARTICLES = 200 };

static const char article_json[] =
    "{\"uri\":\"urn:x:1\",\"pubStatus\":\"usable\",\"urgency\":2,\"language\":\"en-GB\",\"slugline\":\"LATVIA-FERRIES/"
    "TALKS\","
    "\"headlines\":[{\"role\":\"main\",\"value\":\"Ferry talks resume in Rīga\"}],"
    "\"bodies\":[{\"role\":\"main\",\"value\":\"Crews of the Baltic Line walked out. The strike’s end is near; 東京 "
    "watches.\"}],"
    "\"places\":[{\"name\":\"Riga\",\"uri\":\"https://sws.geonames.org/456172/\",\"literal\":\"LV\"},"
    "{\"name\":\"New York\",\"literal\":\"US\"}],"
    "\"people\":[{\"name\":\"Marta Ozola\",\"uri\":\"urn:newswire:name:per:marta-ozola\"}],"
    "\"organisations\":[{\"name\":\"Meridian Corporation\",\"symbols\":[{\"symbol\":\"MRBK\"}]}],"
    "\"subjects\":[{\"uri\":\"http://cv.iptc.org/newscodes/mediatopic/20000004\"}],"
    "\"infoSources\":[{\"name\":\"Meridian\"}],\"source\":{\"index\":0},"
    "\"story\":{\"id\":\"urn:s:1\",\"thread\":\"urn:t:1\",\"revisionOf\":\"urn:x:0\"}}";

static struct nw_query *compiled(const char *text)
{
    struct nw_query *query;
    char why[NW_WHY] = "";
    size_t column;
    int r = nw_query_compile(nw_str_z(text), &query, &column, why);

    if (r != 0)
        fail_msg("%s: %s", text, why);
    return query;
}

static struct nw_query_article *read_json(const char *json)
{
    struct nw_query_article *article;
    struct nw_arena arena = {0};
    struct nw_record *record;
    char why[NW_WHY];

    assert_int_equal(nw_record_from_json(&arena, nw_str_z(json), &record, why), 0);
    assert_int_equal(nw_query_article_new(&article), 0);
    assert_int_equal(nw_query_article_read(article, record), 0);
    nw_arena_free(&arena);
    return article;
}

static void what_is_asked_is_matched(void **state)
{
    static const struct {
        const char *query;
        bool matches;
    } rows[] = {
        {"all", true},
        {"ferry", true},
        {"FERRY", true},
        {"riga", true}, /* without marks */
        {"ferry strike", true},
        {"ferry AND airport", false},
        {"ferry OR airport", true},
        {"airport OR (ferry AND talks)", true},
        {"ferry NOT strike", false},
        {"NOT airport", true},
        {"NOT NOT ferry", true},
        {"NOT (airport OR ferry)", false},
        {"airport AND ferry OR talks", true}, /* AND binds closer */
        {"airport AND (ferry OR talks)", false},
        {"\"walked out\"", true},
        {"\"out walked\"", false},
        {"\"talks crews\"", false}, /* headline and body are two texts */
        {"walk*", true},
        {"alk*", false},
        {"headline:ferr*", true},
        {"\"Baltic Line\" headline:crews", false},
        {"京", true},
        {"place:LV", true},
        {"place:lv", true},
        {"place:Latvia", true},
        {"place:LT", false},
        {"place:riga", true},
        {"place:\"New York\"", true},
        {"place:\"York Riga\"", false},
        {"place:\"https://sws.geonames.org/456172/\"", true},
        {"place:\"United States\"", true},
        {"person:ozola", true},
        {"person:\"urn:newswire:name:per:marta-ozola\"", true},
        {"org:meridian", true},
        {"org:MRBK", true},
        {"org:oz*", false},
        {"topic:medtop:20000004", true},
        {"topic:medtop:01000000", true}, /* above it */
        {"topic:cartoon", true},
        {"topic:\"arts, culture, entertainment and media\"", true},
        {"topic:medtop:04000000", false},
        {"agency:meridian", true},
        {"slug:ferries", true},
        {"slug:talk*", true},
        {"lang:en", true},
        {"lang:en-GB", true},
        {"lang:de", false},
        {"story:\"urn:s:1\"", true},
        {"story:\"urn:t:1\"", true},
        {"uri:\"urn:x:1\"", true},
        {"status:canceled", false},
        {"urgency:2", true},
        {"urgency:1..3", true},
        {"urgency:<=1", false},
        {"urgency:>=2", true},
        {"dup:true", false},
        {"dup:false", true},
        {"revision:true", true},
    };
    struct nw_query_article *article = read_json(article_json);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct nw_query *query = compiled(rows[i].query);
        if (nw_query_matches(query, article) != rows[i].matches)
            fail_msg("%s: expected %s", rows[i].query, rows[i].matches ? "a match" : "none");
        nw_query_free(&query);
    }
    nw_query_article_free(&article);
}

static void errors_name_the_column(void **state)
{
    static const struct {
        const char *query;
        size_t column;
    } rows[] = {
        {"", 1},         {"ferry AND", 10},    {"AND ferry", 1},  {"ferry OR OR x", 10},
        {"(ferry", 7},   {"ferry)", 6},        {"()", 2},         {"\"ferry", 1},
        {"plac:LT", 1},  {"ū plac:LT", 3},     {"urgency:12", 9}, {"urgency:x", 9},
        {"dup:yes", 5},  {"topic:nothing", 7}, {"place:", 7},     {"*", 1},
        {"lang:en*", 6}, {"\"\"", 1},          {"NOT", 4},        {"-", 1},
        {"ferry \"", 7}, {"urgency:1..", 9},
    };
    char deep[NW_QUERY_DEPTH + 2] = "", *longest = malloc(NW_QUERY_MAX + 8), why[NW_WHY];
    struct nw_query *query;
    size_t column;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(nw_query_compile(nw_str_z(rows[i].query), &query, &column, why), NW_QUERY_BAD);
        assert_null(query);
        if (column != rows[i].column)
            fail_msg("%s: column %zu, expected %zu: %s", rows[i].query, column, rows[i].column, why);
    }
    memset(deep, '(', NW_QUERY_DEPTH + 1);
    assert_int_equal(nw_query_compile(nw_str_z(deep), &query, &column, why), NW_QUERY_BAD);
    assert_int_equal(column, NW_QUERY_DEPTH + 1);
    assert_non_null(longest);
    for (size_t i = 0; i < NW_QUERY_MAX + 1; i++)
        longest[i] = i % 2 ? ' ' : 'a';
    assert_int_equal(nw_query_compile(nw_str(longest, NW_QUERY_MAX + 1), &query, &column, why), NW_QUERY_BAD);
    assert_int_equal(nw_query_compile(nw_str(longest, NW_QUERY_MAX), &query, &column, why), NW_QUERY_BAD); /* terms */
    assert_int_equal(nw_query_compile(nw_str(longest, 2 * NW_QUERY_TERMS), &query, &column, why), 0);
    nw_query_free(&query);
    free(longest);
}

static uint32_t dice(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* A random query over a small vocabulary. */
static void random_query(uint32_t *seed, char *out, size_t size)
{
    static const char *const joins[] = {" ", " AND ", " OR ", " NOT ", " AND NOT ", " OR NOT "};
    size_t n = 0, terms = 1 + dice(seed) % 5, open = 0;

    for (size_t i = 0; i < terms; i++) {
        n += (size_t)snprintf(out + n, size - n, "%s", i ? joins[dice(seed) % 6] : "");
        if (dice(seed) % 4 == 0) {
            n += (size_t)snprintf(out + n, size - n, "(");
            open++;
        }
        switch (dice(seed) % 6) {
        case 0:
            n += (size_t)snprintf(out + n, size - n, "\"w%u w%u\"", dice(seed) % 30, dice(seed) % 30);
            break;
        case 1:
            n += (size_t)snprintf(out + n, size - n, "w%u*", dice(seed) % 4);
            break;
        case 2:
            n += (size_t)snprintf(out + n, size - n, "place:p%u", dice(seed) % 10);
            break;
        case 3:
            n += (size_t)snprintf(out + n, size - n, "urgency:%u..9", 1 + dice(seed) % 9);
            break;
        default:
            n += (size_t)snprintf(out + n, size - n, "w%u", dice(seed) % 30);
            break;
        }
        if (open && dice(seed) % 2) {
            n += (size_t)snprintf(out + n, size - n, ")");
            open--;
        }
    }
    while (open--)
        n += (size_t)snprintf(out + n, size - n, ")");
}

static struct nw_query_article *random_article(uint32_t *seed)
{
    char json[4096];
    size_t n = (size_t)snprintf(json, sizeof json,
                                "{\"urgency\":%u,\"source\":{\"index\":0},\"places\":[{\"name\":\"p%u\"}],"
                                "\"bodies\":[{\"value\":\"",
                                1 + dice(seed) % 9, dice(seed) % 10);

    for (uint32_t i = 0, words = dice(seed) % 12; i < words; i++)
        n += (size_t)snprintf(json + n, sizeof json - n, "w%u ", dice(seed) % 30);
    snprintf(json + n, sizeof json - n, "\"}]}");
    return read_json(json);
}

static struct nw_query *queries[QUERIES];

static int mark(void *user, void *entry)
{
    unsigned char *found = user;

    found[(struct nw_query **)entry - queries]++;
    return 0;
}

static void the_index_finds_just_what_matches(void **state)
{
    static struct nw_query_entry *entries[QUERIES];
    struct nw_query_index *index;
    uint32_t seed = 4;
    size_t matched = 0;

    (void)state;
    assert_int_equal(nw_query_index_new(&index), 0);
    for (size_t i = 0; i < QUERIES; i++) {
        char text[512];
        random_query(&seed, text, sizeof text);
        queries[i] = compiled(text);
    }
    for (size_t round = 0; round < ARTICLES; round++) {
        struct nw_query_article *article = random_article(&seed);
        unsigned char found[QUERIES] = {0};
        /* Queries come and go meanwhile. */
        for (size_t k = 0; k < 20; k++) {
            size_t i = dice(&seed) % QUERIES;
            if (entries[i])
                nw_query_index_remove(index, &entries[i]);
            else
                assert_int_equal(nw_query_index_add(index, queries[i], &queries[i], &entries[i]), 0);
        }
        assert_int_equal(nw_query_index_match(index, article, mark, found), 0);
        for (size_t i = 0; i < QUERIES; i++) {
            bool expected = entries[i] && nw_query_matches(queries[i], article);
            assert_int_equal(found[i], expected);
            matched += expected;
        }
        nw_query_article_free(&article);
    }
    assert_true(matched > ARTICLES);
    for (size_t i = 0; i < QUERIES; i++) {
        nw_query_index_remove(index, &entries[i]);
        nw_query_free(&queries[i]);
    }
    nw_query_index_free(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_is_matched),
        cmocka_unit_test(errors_name_the_column),
        cmocka_unit_test(the_index_finds_just_what_matches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
