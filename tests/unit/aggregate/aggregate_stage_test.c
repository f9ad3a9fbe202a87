/*
 * Properties of the whole stage over an invented stream: killed at any place and given its own output again, it goes on
 * as if it had not been killed; copies, templates and new versions are told apart; memory keeps its bound.
 */
#include "stage_bench.h"

enum { ARTICLES = 300, DAY = 86400000, STORY_BYTES = 96 };

/* The same with a slug; killed: as canceled. */
static const struct nw_story *put_slug(struct bench *bench, const char *uri, const char *slug, const char *headline,
                                       const char *body, int64_t time, bool killed)
{
    struct nw_record *record;

    nw_arena_reset(&bench->arena);
    record = article(&bench->arena, uri, headline, body, time);
    NW_SET(record, record, slugline, nw_str_z(slug));
    if (killed)
        NW_SET(record, record, pub_status, NW_S("canceled"));
    return put_record(bench, record);
}

/* The same, filed by an agency. */
static struct nw_record *filed(struct nw_arena *arena, const char *agency, const char *uri, const char *slug,
                               const char *headline, const char *body, int64_t time)
{
    struct nw_record *record = article(arena, uri, headline, body, time);
    struct nw_info_source *source = NW_APPEND(arena, record, record, info_sources, info_source);

    assert_non_null(source);
    NW_SET(info_source, source, name, nw_str_z(agency));
    NW_SET(record, record, slugline, nw_str_z(slug));
    return record;
}

/* Article i of a stream in which some are copies, some grow, some are killed, and most are of one of nine affairs. */
static struct nw_record *invent(struct nw_arena *arena, int i)
{
    static const char *const places[] = {"Arvik",  "Belmora", "Castra", "Dunholm", "Elvas",
                                         "Farrow", "Gorina",  "Hestia", "Ilmen"};
    static const char *const deeds[] = {"strike at the harbour", "flood of the lower town", "vote on the new bridge"};
    char uri[32], headline[128], body[1024];
    int topic = i % 9, turn = i % 7 == 0 ? 0 : i;

    snprintf(uri, sizeof uri, "urn:test:%d", i % 31 == 30 ? i - i % 17 : i);
    snprintf(headline, sizeof headline, "%s awaits the %s", places[topic], deeds[topic % 3]);
    snprintf(
        body, sizeof body,
        "%s prepared for the %s while %d people waited. The mayor of %s counted %d boats, %d carts and a mule named "
        "number %d. Nobody in %s could remember a year like it, and %d of them tried until the evening bell rang.",
        places[topic], deeds[topic % 3], 100 + turn, places[topic], turn * 3, turn * 5 + 1, turn * 7, places[topic],
        turn + 2);
    struct nw_record *record = article(arena, uri, headline, body, (int64_t)(i + 1) * 3600000);
    if (i % 31 == 30)
        NW_SET(record, record, pub_status, NW_S("canceled"));
    return record;
}

static void test_recall_makes_the_same_memory(void **state)
{
    static struct nw_buf logs[ARTICLES];
    struct bench whole, again;

    (void)state;
    bench_open(&whole, "{\"memory_articles\": 64}");
    for (int i = 0; i < ARTICLES; i++) {
        nw_arena_reset(&whole.arena);
        assert_int_equal(nw_context_process(&whole.context, invent(&whole.arena, i)), NW_OK);
        nw_buf_init(&logs[i], NW_RECORD_MAX);
        assert_int_equal(nw_buf_str(&logs[i], nw_buf_view(&whole.out)), 0);
    }
    for (int killed = 1; killed < ARTICLES; killed += 37) {
        bench_open(&again, "{\"memory_articles\": 64}");
        for (int i = 0; i < ARTICLES; i++) {
            struct nw_record *record;
            char why[NW_WHY];
            nw_arena_reset(&again.arena);
            if (i < killed) {
                assert_int_equal(nw_record_decode(&again.arena, nw_buf_view(&logs[i]), &record, why), 0);
                assert_int_equal(nw_stage_aggregate.recall(&again.context, again.context.state, record), 0);
                continue;
            }
            assert_int_equal(nw_context_process(&again.context, invent(&again.arena, i)), NW_OK);
            assert_true(nw_str_eq(nw_buf_view(&again.out), nw_buf_view(&logs[i])));
        }
        bench_close(&again);
    }
    for (int i = 0; i < ARTICLES; i++)
        nw_buf_free(&logs[i]);
    bench_close(&whole);
}

static void test_copies_versions_and_templates(void **state)
{
    static const char body[] =
        "The council of Belmora voted on Tuesday to rebuild the old harbour wall, which storms broke in 1998 and again "
        "last "
        "winter. The work will cost 41 million crowns and take three years, the mayor, Ada Lindholm, told the council. "
        "Fishermen had asked for it since the second storm, and promised to lend their boats.";
    static const char grown[] =
        "The council of Belmora voted on Tuesday to rebuild the old harbour wall, which storms broke in 1998 and again "
        "last "
        "winter. The work will cost 41 million crowns and take three years, the mayor, Ada Lindholm, told the council. "
        "Fishermen had asked for it since the second storm, and promised to lend their boats. Work begins in May with "
        "the "
        "eastern pier, where the sea has taken the road.";
    static const char quarter[] = "Shr 41 cts vs 38 cts Net 12,400,000 vs 11,900,000 Revs 88.2 mln vs 80.1 mln";
    static const char next[] = "Shr 57 cts vs 44 cts Net 19,300,000 vs 14,200,000 Revs 97.6 mln vs 85.3 mln";
    struct bench bench;
    const struct nw_story *story;

    (void)state;
    bench_open(&bench, "{}");
    story = put(&bench, "urn:a", "Belmora rebuilds its harbour wall", body, DAY);
    assert_false(NW_HAS(story, story, duplicate_of));
    assert_true(story->similarity == 0);
    story = put(&bench, "urn:b", "BELMORA REBUILDS ITS HARBOUR WALL", body, DAY + 1000);
    assert_true(NW_HAS(story, story, duplicate_of) && nw_str_eq(story->duplicate_of, NW_S("urn:a")));
    assert_int_equal(story->size, 2);
    story = put(&bench, "urn:c", "UPDATE 1-Belmora rebuilds its harbour wall", grown, DAY + 2000);
    assert_true(NW_HAS(story, story, revision_of));
    story = put(&bench, "urn:d", "Harbour wall to rise again", grown, DAY + 3000);
    assert_true(NW_HAS(story, story, near_duplicate_of));
    story = put(&bench, "urn:e", "HALVARD MILLS 1ST QTR NET", quarter, DAY + 4000);
    assert_false(NW_HAS(story, story, near_duplicate_of));
    story = put(&bench, "urn:f", "HALVARD MILLS 2ND QTR NET", next, 90 * (int64_t)DAY);
    assert_false(NW_HAS(story, story, duplicate_of) || NW_HAS(story, story, near_duplicate_of) ||
                 NW_HAS(story, story, revision_of));
    story = put(&bench, "urn:a", "Belmora does not rebuild its wall", "The vote was void.", DAY + 5000);
    assert_true(NW_HAS(story, story, revision_of) && nw_str_eq(story->revision_of, NW_S("urn:a")));
    bench_close(&bench);
}

static bool is_kin(const struct nw_story *story)
{
    return NW_HAS(story, story, duplicate_of) || NW_HAS(story, story, near_duplicate_of) ||
           NW_HAS(story, story, revision_of);
}

static const char wall[] =
    "The council of Belmora voted on Tuesday to rebuild the old harbour wall, which storms broke "
    "last winter. The work will take three years, the mayor, Ada Lindholm, told the council.";
static const char mills[] =
    "Halvard Mills closes its yard at Dunholm in the spring, the firm said on Monday, and sends "
    "sixty carpenters home. Their guild called it a betrayal and asked the crown to step in.";

/* The kill repeats a text that another agency copied since: it means its own item, in all its versions. */
static void test_kill_by_uri_spares_the_copy(void **state)
{
    struct bench bench;
    const struct nw_story *story;

    (void)state;
    bench_open(&bench, "{}");
    put_slug(&bench, "urn:mills", "MILLS-YARD", "Mills closes yard", mills, DAY, false);
    put_slug(&bench, "urn:mills", "MILLS-YARD", "Wall to rise at Belmora", wall, DAY + 1, false);
    put_slug(&bench, "urn:copy", "WALL", "Wall to rise at Belmora", wall, DAY + 2, false);
    story = put_slug(&bench, "urn:mills", "MILLS-YARD", "Wall to rise at Belmora", wall, DAY + 3, true);
    assert_true(NW_HAS(story, story, revision_of) && nw_str_eq(story->revision_of, NW_S("urn:mills")));
    story = put(&bench, "urn:later", "Wall to rise at Belmora", wall, DAY + 4);
    assert_true(NW_HAS(story, story, duplicate_of) && nw_str_eq(story->duplicate_of, NW_S("urn:copy")));
    story = put(&bench, "urn:later-mills", "Mills closes yard", mills, DAY + 5); /* the first version is gone too */
    assert_false(is_kin(story));
    bench_close(&bench);
}

/* A kill with an id of its own, whose text says only that something is killed. */
static void test_kill_by_slug_and_headline(void **state)
{
    static const char notice[] = "Editors, please do not use this item. A substitute is not planned.";
    struct bench bench;
    const struct nw_story *story;

    (void)state;
    bench_open(&bench, "{}");
    put_slug(&bench, "urn:old", "MILLS-YARD", "Mills closes yard", mills, DAY, false);
    story = put_slug(&bench, "urn:k0", "MILLS-YARD", "Mills closes yard", notice, 3 * (int64_t)DAY, true);
    assert_false(is_kin(story)); /* two days on, the same words may name another item */
    put_slug(&bench, "urn:w1", "WALL", "Wall to rise at Belmora", wall, 5 * (int64_t)DAY, false);
    story = put_slug(&bench, "urn:k1", "WALL", "Council in session", notice, 5 * (int64_t)DAY + 1, true);
    assert_false(NW_HAS(story, story, revision_of) && nw_str_eq(story->revision_of, NW_S("urn:w1")));
    story = put_slug(&bench, "urn:k2", "WALL", "Wall to rise at Belmora", notice, 5 * (int64_t)DAY + 2, true);
    assert_true(NW_HAS(story, story, revision_of) && nw_str_eq(story->revision_of, NW_S("urn:w1")));
    assert_false(is_kin(put(&bench, "urn:w2", "Wall to rise at Belmora", wall, 5 * (int64_t)DAY + 3)));
    story = put(&bench, "urn:m2", "Mills closes yard", mills, 5 * (int64_t)DAY + 4);
    assert_true(NW_HAS(story, story, duplicate_of) && nw_str_eq(story->duplicate_of, NW_S("urn:old")));
    bench_close(&bench);
}

static bool kills(const struct nw_story *story, const char *uri)
{
    for (size_t i = 0; NW_HAS(story, story, kills) && i < story->kills.n; i++) {
        if (nw_str_eq(story->kills.v[i].uri, nw_str_z(uri)))
            return true;
    }
    return false;
}

/* Neither size nor headline of the story counts what was killed; places in the story are not given twice. */
static void test_a_killed_article_leaves_its_story(void **state)
{
    struct bench bench;
    const struct nw_story *story;
    char first[STORY_BYTES], id[STORY_BYTES];

    (void)state;
    bench_open(&bench, "{}");
    story = put(&bench, "urn:1", "Mills closes yard", mills, DAY);
    snprintf(first, sizeof first, "%.*s", NW_FMT(story->id));
    story = put(&bench, "urn:2", "Yard of Mills is closed", mills, DAY + 1);
    snprintf(id, sizeof id, "%.*s", NW_FMT(story->id));
    assert_string_equal(first, id);
    assert_int_equal(story->size, 2);
    story = put_slug(&bench, "urn:1", "", "KILL: Mills closes yard", "Do not use.", DAY + 2, true);
    snprintf(id, sizeof id, "%.*s", NW_FMT(story->id));
    assert_string_equal(first, id);
    assert_true(kills(story, "urn:1") && story->kills.n == 1);
    assert_int_equal(story->size, 1);
    assert_true(nw_str_eq(story->headline, NW_S("Yard of Mills is closed")));
    assert_false(NW_HAS(story, story, seq));
    story = put(&bench, "urn:3", "Yard of Mills is closed for good", mills, DAY + 3);
    assert_int_equal(story->size, 2);
    assert_int_equal(story->seq, 2);
    story = put_slug(&bench, "urn:1", "", "KILL: Mills closes yard", "Do not use.", DAY + 4, true);
    assert_int_equal(story->size, 2); /* a kill that comes twice takes nothing twice */
    bench_close(&bench);
}

/* A kill of one version names all, also where each has a uri of its own; a copy of another agency is spared. */
static void test_a_kill_reaches_all_versions(void **state)
{
    struct bench bench;
    const struct nw_story *story;
    struct nw_record *record;

    (void)state;
    bench_open(&bench, "{}");
    put_record(&bench, filed(&bench.arena, "Alfa", "urn:a1", "MILLS", "Mills closes yard", mills, DAY));
    put_record(&bench, filed(&bench.arena, "Alfa", "urn:a2", "MILLS", "UPDATE 1-Mills closes yard", wall, DAY + 1));
    put_record(&bench, filed(&bench.arena, "Beta", "urn:b1", "MILLS", "Mills closes yard", mills, DAY + 2));
    put_record(&bench, filed(&bench.arena, "Alfa", "urn:a3", "MILLS, 2nd Ld", "Mills closes yard", mills, DAY + 3));
    record = filed(&bench.arena, "Alfa", "urn:a2", "MILLS", "KILL: Mills closes yard", "Do not use.", DAY + 4);
    NW_SET(record, record, pub_status, NW_S("canceled"));
    story = put_record(&bench, record);
    assert_true(kills(story, "urn:a1") && kills(story, "urn:a2") && kills(story, "urn:a3"));
    assert_int_equal(story->kills.n, 3);
    bench_close(&bench);
}

static const struct nw_record *put_out(struct bench *bench, struct nw_record *record)
{
    struct nw_record *out;
    char why[NW_WHY];

    NW_SET(record, record, pub_status, NW_S("canceled"));
    assert_int_equal(nw_context_process(&bench->context, record), NW_OK);
    assert_int_equal(nw_record_decode(&bench->arena, nw_buf_view(&bench->out), &out, why), 0);
    return out;
}

/* A kill gives its reason; it does not spread the text that it kills, nor one under embargo. */
static void test_a_kill_repeats_nothing(void **state)
{
    struct bench bench;
    struct nw_record *record;
    const struct nw_record *out;

    (void)state;
    bench_open(&bench, "{}");
    put_record(&bench, article(&bench.arena, "urn:1", "Mills closes yard", mills, DAY));
    out = put_out(&bench, article(&bench.arena, "urn:1", "Mills closes yard", "It was wrong.", DAY + 1));
    assert_true(nw_str_eq(nw_record_body(out), NW_S("It was wrong.")));
    put_record(&bench, article(&bench.arena, "urn:2", "Wall to rise", wall, DAY + 2));
    out = put_out(&bench, article(&bench.arena, "urn:2", "Wall to rise", wall, DAY + 3));
    assert_int_equal(nw_record_body(out).n, 0);
    assert_true(nw_str_eq(nw_record_headline(out), NW_S("Wall to rise")));
    record = article(&bench.arena, "urn:3", "Not known yet", "Nobody may read this before noon.", DAY + 4);
    NW_SET(record, record, embargoed_until, DAY + 5);
    out = put_out(&bench, record);
    assert_int_equal(nw_record_body(out).n, 0);
    assert_true(NW_HAS(record, out, uri) && kills(out->story, "urn:3"));
    bench_close(&bench);
}

/* A kill whose item is not known says what it means, should it come. */
static void test_a_kill_before_its_item(void **state)
{
    struct bench bench;
    const struct nw_story *story;

    (void)state;
    bench_open(&bench, "{}");
    story = put_slug(&bench, "urn:to-come", "WALL", "KILL: Wall to rise", "Do not use.", DAY, true);
    assert_true(kills(story, "urn:to-come"));
    assert_int_equal(story->size, 0);
    assert_false(NW_HAS(story, story, headline) || is_kin(story));
    bench_close(&bench);
}

/* What a wire declares a later version of its own slug and headline is one, whatever its text; nobody else's. */
static void test_declared_versions(void **state)
{
    static const struct {
        const char *slug, *headline, *agency;
        bool version;
    } cases[] = {
        {"MILLS", "CORRECTED-Mills closes yard", "Alfa", true},
        {"MILLS", "UPDATE 3-MILLS CLOSES YARD", "Alfa", true},
        {"Mills", "REFILE-UPDATE 3-Mills closes yard", "Alfa", true},
        {"MILLS, 2nd Ld-Writethru", "Mills closes yard", "Alfa", true},
        {"MILLS", "2nd Lead: Mills closes yard", "Alfa", true},
        {"MILLS", "(CORRECTION) Mills closes yard", "Alfa", true},
        {"MILLS", "CORRECTED-Mills closes yard", "Beta", false},
        {"MILLS", "CORRECTED-Mills closes mine", "Alfa", false},
        {"WALL", "CORRECTED-Mills closes yard", "Alfa", false},
        {"MILLS", "Mills closes yard", "Alfa", false}, /* declares nothing */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench bench;
        const struct nw_story *story;
        bench_open(&bench, "{}");
        put_record(&bench, filed(&bench.arena, "Alfa", "urn:first", "MILLS", "Mills closes yard", mills, DAY));
        story = put_record(&bench, filed(&bench.arena, cases[i].agency, "urn:second", cases[i].slug, cases[i].headline,
                                         wall, DAY + 1));
        if (NW_HAS(story, story, revision_of) != cases[i].version || NW_HAS(story, story, near_duplicate_of))
            fail_msg("%s / %s of %s", cases[i].slug, cases[i].headline, cases[i].agency);
        bench_close(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recall_makes_the_same_memory),
        cmocka_unit_test(test_copies_versions_and_templates),
        cmocka_unit_test(test_kill_by_uri_spares_the_copy),
        cmocka_unit_test(test_kill_by_slug_and_headline),
        cmocka_unit_test(test_a_killed_article_leaves_its_story),
        cmocka_unit_test(test_a_kill_reaches_all_versions),
        cmocka_unit_test(test_a_kill_repeats_nothing),
        cmocka_unit_test(test_a_kill_before_its_item),
        cmocka_unit_test(test_declared_versions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
