/*
 * The whole tagger on articles of the tests' own: the same annotations whatever came before, tagging twice changes
 * nothing, no memory is a clean refusal, own names stand above the model and are read again.
 */
#include "tagger.h"

#include <errno.h>
#include <newswire/alloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const bodies[] = {
    "Latvian President Ilze Brandt said on Thursday that \"the port of Riga will stay open all winter\". She met "
    "envoys of "
    "Finland and Georgia in Helsinki.\n\nThe European Union paid 4.2 million euros last month, Brandt said.",
    "RIVERTON, Wyoming - The Riverton school board voted 5-2 on Tuesday to close two schools. \"We had no choice,\" "
    "said Ann "
    "Lee, who leads the board.",
    "Arsenal 2 Leeds 1\nNewcastle 0 Chelsea 0\nStandings after Saturday's matches:\nArsenal 6 5 0 1 10 5 15",
    "",
    "Москва — столица.",
};
enum { BODIES = sizeof bodies / sizeof *bodies };

static const char *models(void)
{
    return NW_SOURCE_DIR "/deploy/model";
}

static struct nw_record *article(struct nw_arena *arena, size_t i)
{
    struct nw_record *r = nw_record_new(arena);
    assert_non_null(r);
    assert_int_equal(nw_record_set_headline(arena, r, NW_S("Port of Riga to stay open")), 0);
    assert_int_equal(nw_record_set_body(arena, r, nw_str_z(bodies[i])), 0);
    NW_SET(record, r, language, i == 4 ? NW_S("ru") : NW_S("en"));
    NW_SET(record, r, located, NW_S("Riga"));
    NW_SET(record, r, first_created, INT64_C(1642064400000));
    return r;
}

static void tag_to_json(struct tagger *t, size_t i, int times, struct nw_buf *out)
{
    struct nw_arena arena = {0};
    struct nw_record *r = article(&arena, i);
    while (times--) {
        assert_int_equal(tagger_run(t, &arena, r), 0);
    }
    assert_int_equal(nw_record_to_json(r, out), 0);
    nw_arena_free(&arena);
}

static void begin(struct tagger *t)
{
    static char why[MODELS_WHY];
    *t = (struct tagger){0};
    assert_int_equal(tagger_init(t, nw_str_z(models()), why), 0);
}

static void test_same_whatever_came_before(void **state)
{
    (void)state;
    struct tagger one;
    struct tagger two;
    begin(&one);
    begin(&two);
    for (size_t i = 0; i < 3 * BODIES; i++) {
        struct nw_buf a;
        struct nw_buf b;
        nw_buf_init(&a, 1 << 20);
        nw_buf_init(&b, 1 << 20);
        tag_to_json(&one, i % BODIES, 1, &a);
        tag_to_json(&two, (i * 3 + 1) % BODIES, 1, &b); /* another order for the second */
        nw_buf_clear(&b);
        tag_to_json(&two, i % BODIES, 2, &b); /* and twice over */
        assert_true(nw_str_eq(nw_buf_view(&a), nw_buf_view(&b)));
        nw_buf_free(&a);
        nw_buf_free(&b);
    }
    tagger_free(&one);
    tagger_free(&two);
}

static void test_finds_what_a_reader_finds(void **state)
{
    (void)state;
    struct tagger t;
    struct nw_arena arena = {0};
    begin(&t);
    struct nw_record *r = article(&arena, 0);
    assert_int_equal(tagger_run(&t, &arena, r), 0);
    const struct nw_annotations *a = r->annotations;
    assert_int_equal(a->quotes.n, 2);
    assert_true(a->quotes.v[0].direct);
    assert_false(a->quotes.v[1].direct); /* what the European Union paid */
    assert_true(nw_str_eq(a->entities.v[a->quotes.v[0].speaker].name, NW_S("Ilze Brandt")));
    assert_true(nw_str_eq(r->people.v[0].name, NW_S("Ilze Brandt")));
    bool georgia = false;
    for (size_t i = 0; i < r->places.n; i++) {
        georgia |= nw_str_eq(r->places.v[i].uri, NW_S("https://sws.geonames.org/614540/"));
    }
    assert_true(georgia);
    assert_int_equal(a->quantities.n, 1);
    assert_true(nw_str_eq(a->quantities.v[0].unit, NW_S("EUR")));
    for (size_t i = 0; i < a->entities.n; i++) {
        const struct nw_entity *e = &a->entities.v[i];
        assert_true(e->start < e->end && e->end <= strlen(bodies[0]));
        assert_true(e->confidence >= 0 && e->confidence <= 1 && e->by.n > 0);
        assert_true(i == 0 || a->entities.v[i - 1].end <= e->start);
    }
    nw_arena_free(&arena);
    tagger_free(&t);
}

/* One uri for one company, whatever its form, and the ticker with it. */
static void test_companies_are_one_thing(void **state)
{
    (void)state;
    struct tagger t;
    struct nw_arena arena = {0};
    begin(&t);
    struct nw_record *r = nw_record_new(&arena);
    assert_non_null(r);
    assert_int_equal(
        nw_record_set_body(&arena, r,
                           NW_S("Shares of General Motors Corp. fell on Friday. GM said it would close a "
                                "plant. General Motors, Microsoft Corporation and Microsoft said so too.")),
        0);
    NW_SET(record, r, language, NW_S("en"));
    assert_int_equal(tagger_run(&t, &arena, r), 0);
    assert_int_equal(r->organisations.n, 2);
    assert_true(nw_str_eq(r->organisations.v[0].uri, NW_S("urn:newswire:name:org:general-motors")));
    assert_int_equal(r->organisations.v[0].symbols.n, 1);
    assert_true(nw_str_eq(r->organisations.v[0].symbols.v[0].symbol, NW_S("GM")));
    assert_true(nw_str_eq(r->organisations.v[1].uri, NW_S("urn:newswire:name:org:microsoft")));
    nw_arena_free(&arena);
    tagger_free(&t);
}

static void test_stands_without_memory(void **state)
{
    (void)state;
    struct tagger t;
    begin(&t);
    for (size_t n = 0; n < 60; n++) {
        struct nw_arena arena = {0};
        struct nw_record *r = article(&arena, 0);
        nw_alloc_fail_after(n);
        int rc = tagger_run(&t, &arena, r);
        bool failed = nw_alloc_failed() != 0;
        nw_alloc_fail_never();
        assert_int_equal(rc, failed ? -ENOMEM : 0);
        nw_arena_free(&arena);
    }
    tagger_free(&t);
}

static void write_names(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void test_own_names(void **state)
{
    (void)state;
    struct tagger t;
    struct nw_arena arena = {0};
    char path[] = "/tmp/own_names_XXXXXX";
    char why[OWN_WHY] = "";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    write_names(path, "# ours\nIlze Brandt\tORG\turn:example:brandt\nport of ^\tLOC\n");
    begin(&t);
    t.own.paths[0] = path;
    t.own.files = 1;
    assert_int_equal(tagger_read_own(&t, why), 0);
    struct nw_record *r = article(&arena, 0);
    assert_int_equal(tagger_run(&t, &arena, r), 0);
    assert_true(nw_str_eq(r->organisations.v[0].uri, NW_S("urn:example:brandt")));
    bool port = false;
    for (size_t i = 0; i < r->annotations->entities.n; i++) {
        port |= nw_str_eq(r->annotations->entities.v[i].text, NW_S("port of Riga")) &&
                nw_str_eq(r->annotations->entities.v[i].by, NW_S("list:own"));
    }
    assert_true(port);
    assert_false(own_changed(&t.own));
    write_names(path, "Ilze Brandt PER\n");
    assert_true(own_changed(&t.own));
    assert_int_equal(tagger_read_own(&t, why), OWN_BAD);
    assert_non_null(strstr(why, ":1: expected NAME, TAB"));
    /* The names read before stay. */
    r = article(&arena, 0);
    assert_int_equal(tagger_run(&t, &arena, r), 0);
    assert_true(nw_str_eq(r->organisations.v[0].uri, NW_S("urn:example:brandt")));
    unlink(path);
    nw_arena_free(&arena);
    tagger_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_whatever_came_before),
                                       cmocka_unit_test(test_finds_what_a_reader_finds),
                                       cmocka_unit_test(test_companies_are_one_thing),
                                       cmocka_unit_test(test_stands_without_memory), cmocka_unit_test(test_own_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
