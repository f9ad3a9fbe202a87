/* Names of items: what tells only the version counts for nothing, all else does. */
#include <newswire/name.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct nw_arena arena;

static struct nw_record *item(const char *slug, const char *headline)
{
    struct nw_record *record = nw_record_new(&arena);

    NW_SET(record, record, slugline, nw_str_z(slug));
    assert_int_equal(nw_record_set_headline(&arena, record, nw_str_z(headline)), 0);
    return record;
}

static bool same(const struct nw_record *a, const struct nw_record *b)
{
    struct nw_hash128 x = nw_record_name(a), y = nw_record_name(b);

    return x.low == y.low && x.high == y.high && (x.low || x.high);
}

static void versions_have_one_name(void **state)
{
    static const char *const pairs[][2] = {
        {"PORT-STORM", "UPDATE 2-Storm shuts port"},
        {"port storm", "STORM SHUTS PORT"},
        {"PORT-STORM, 3rd Ld-Writethru", "Storm shuts port"},
        {"KILL-PORT-STORM", "KILL: Storm shuts port"},
        {"PORT-STORM", "MANDATORY KILL - Storm shuts port"},
        {"PORT-STORM (UPDATE 1)", "REFILE-UPDATE 1-Storm shuts port"},
        {"PORT-STORM", "Correction: \u201cStorm shuts port\u201d"},
        {"PORT-STORM", "2nd Lead \u2013 Storm shuts port"},
    };
    const struct nw_record *first = item("PORT-STORM", "Storm shuts port");

    (void)state;
    assert_false(nw_record_declares(first));
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const struct nw_record *late = item(pairs[i][0], pairs[i][1]);
        if (!same(first, late))
            fail_msg("%s / %s has another name", pairs[i][0], pairs[i][1]);
        if (i != 1 && !nw_record_declares(late))
            fail_msg("%s / %s declares nothing", pairs[i][0], pairs[i][1]);
    }
}

static void others_have_others(void **state)
{
    static const char *const pairs[][2] = {
        {"PORT-STORM", "Storm shuts ports"},
        {"PORT", "Storm shuts port"},
        {"PORT-STORM-2026", "Storm shuts port"},
        {"PORT-STORM", "2 storms shut port"},
        {"PORT-STORM", "Update on storm shuts port"},
        {"", "Storm shuts port"},
        {"PORT-STORM", ""},
        {"PORT-STORM", "KILL"},
    };
    const struct nw_record *first = item("PORT-STORM", "Storm shuts port");

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (same(first, item(pairs[i][0], pairs[i][1])))
            fail_msg("%s / %s has the same name", pairs[i][0], pairs[i][1]);
    }
    assert_false(nw_record_declares(item("PORT", "Update on the talks")));
    assert_false(nw_record_declares(item("PORT", "Kill switch sought for phones")));
    assert_false(same(item("", "A"), item("", "A"))); /* no name is nobody's */
}

static void editions_follow_by_number_then_by_time(void **state)
{
    struct nw_edition none = {-1, 0, 0}, early = {3, 1000, 0}, late = {4, 500, 0}, timed = {-1, 2000, 0};

    (void)state;
    assert_true(nw_edition_follows(late, early, true));
    assert_false(nw_edition_follows(early, late, true));
    assert_false(nw_edition_follows(early, early, true));
    assert_false(nw_edition_follows(late, early, false)); /* numbers of two uris are no order; 500 is before 1000 */
    assert_true(nw_edition_follows(timed, early, true));
    assert_false(nw_edition_follows(none, early, true));
    assert_false(nw_edition_follows(timed, none, true));
}

static int end(void **state)
{
    (void)state;
    nw_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_have_one_name),
        cmocka_unit_test(others_have_others),
        cmocka_unit_test(editions_follow_by_number_then_by_time),
    };

    return cmocka_run_group_tests(tests, NULL, end);
}
