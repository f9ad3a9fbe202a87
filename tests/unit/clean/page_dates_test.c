/* When a page was published: metadata that contradicts itself, dates that are shown, dates of others. */
#include "page_check.h"

static void published_is(struct article a, int year, int month, int day)
{
    int64_t want = nw_time_from_civil(year, month, day, 0, 0, 0);
    int64_t got = NW_HAS(record, a.record, first_created) ? a.record->first_created : 0;
    if (got != want)
        fail_msg("published %lld, expected %lld", (long long)got, (long long)want);
}

/* What a page calls the date of an update is not its publication, whatever element says so. */
static void dates_of_updates_are_no_publication(void **state)
{
    (void)state;
    static const struct {
        const char *top;
        int published, modified; /* days of March 2024; 0: must not be there */
    } pages[] = {
        {"<h1>Bridge to be built</h1><div class=post-date><span>Last updated</span> <span>on</span> <span "
         "class=date>March 7, 2024</span></div>",
         0, 7},
        {"<h1>Bridge to be built</h1><time class='entry-date published' datetime=2024-03-05>5 March</time><time "
         "class=updated datetime=2024-03-07>7 March</time>",
         5, 7},
        {"<h1>Bridge to be built</h1><time class=updated datetime=2024-03-07>7 March</time><time class='entry-date "
         "published' datetime=2024-03-05>5 March</time>",
         5, 7},
        {"<h1>Bridge to be built</h1><p>Zuletzt aktualisiert: <time datetime=2024-03-07>7. März</time></p>", 0, 7},
        {"<h1>Bridge to be built</h1><p>Обновлено <time datetime=2024-03-07>7 марта</time></p>", 0, 7},
        {"<h1>Bridge to be built</h1><p>Published <time datetime=2024-03-05>5 March</time></p>", 5, 0},
        {"<h1>Bridge to be built</h1><div>Updated 7 March 2024</div>", 0, 7},
        {"<h1>Bridge to be built</h1><div>5 March 2024</div>", 5, 0},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct article a = story("", pages[i].top);
        int64_t published = pages[i].published ? nw_time_from_civil(2024, 3, pages[i].published, 0, 0, 0) : 0,
                modified = pages[i].modified ? nw_time_from_civil(2024, 3, pages[i].modified, 0, 0, 0) : 0;
        int64_t got = NW_HAS(record, a.record, first_created) ? a.record->first_created : 0,
                got_modified = NW_HAS(record, a.record, version_created) ? a.record->version_created : 0;
        if (got != published || got_modified != modified)
            fail_msg("page %zu: published %lld, modified %lld", i, (long long)got, (long long)got_modified);
    }
}

/* JSON-LD that has the last change in both dates: the page's own earlier word counts. */
static void the_last_change_is_no_publication(void **state)
{
    (void)state;
    struct article a = story("<meta property=article:published_time content=2024-03-05T08:00:00Z><script "
                             "type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Bridge to be "
                             "built\",\"datePublished\":\"2024-03-07T09:00:00Z\",\"dateModified\":"
                             "\"2024-03-07T09:00:00Z\"}</script>",
                             "<h1>Bridge to be built</h1>");
    assert_true(a.record->first_created == nw_time_from_civil(2024, 3, 5, 8, 0, 0));
    assert_true(a.record->version_created == nw_time_from_civil(2024, 3, 7, 9, 0, 0));
    a = story("<meta name=citation_publication_date content=2024/3/5>", "<h1>Bridge to be built</h1>");
    assert_true(a.record->first_created == nw_time_from_civil(2024, 3, 5, 0, 0, 0));
}

/* What stands at the end of a page counts when it calls itself the date of publication; a date alone does not. */
static void a_late_line_says_when_it_was_published(void **state)
{
    (void)state;
    static char page[32768];
    for (int says = 0; says < 2; says++) {
        size_t n = (size_t)snprintf(page, sizeof page, "<html><body><h1>Bridge to be built</h1>");
        for (int i = 0; i < 150; i++)
            n += (size_t)snprintf(page + n, sizeof page - n, "<p>The vote was nine to four in round <b>%d</b>.</p>", i);
        n += (size_t)snprintf(page + n, sizeof page - n, "<p><span>%sMarch 5, 2024</span></p></body></html>",
                              says ? "Posted on " : "");
        struct article a = clean_bytes(nw_str(page, n), "html");
        assert_int_equal(NW_HAS(record, a.record, first_created), says);
        if (says)
            assert_true(a.record->first_created == nw_time_from_civil(2024, 3, 5, 0, 0, 0));
    }
}

/* Where a system writes the time of saving into both dates, the one beside the headline counts; one that is farther
 * off, or stands in prose, does not. */
static void what_is_shown_corrects_what_was_saved(void **state)
{
    (void)state;
    static const char head[] = "<script type='application/ld+json'>{\"@type\":\"Article\",\"headline\":\"Bridge to be "
                               "built\",\"datePublished\":\"2024-06-07\",\"dateModified\":\"2024-06-07\"}</script>";
    published_is(story(head, "<h1>Bridge to be built</h1><p>March 5, 2024</p>"), 2024, 3, 5);
    published_is(story(head, "<h1>Bridge to be built</h1><p>June 7, 2024</p>"), 2024, 6, 7);
    published_is(story(head, "<h1>Bridge to be built</h1><p>The fair of March 5, 2024 was the last one</p>"), 2024, 6,
                 7);
}

/* The date nearest to the headline is the article's, whichever element shows it and whatever stands before it. */
static void the_nearest_date_counts(void **state)
{
    (void)state;
    published_is(
        story("", "<div class=date>May 9, 2024</div><ul><li>a<li>b<li>c<li>d<li>e<li>f</ul><h1>Bridge to be "
                  "built</h1><p><span class=date>March 5, 2024</span></p><p><time datetime=2024-02-01></time></p>"),
        2024, 3, 5);
    published_is(
        story("", "<h1>Bridge to be built</h1><p class=comment-date>May 9, 2024</p><p class=dated>5 March 2024</p>"),
        2024, 3, 5);
}

/* A date that stands far from the headline is another article's where the page says when it was changed last. */
static void a_teasers_date_is_not_the_articles(void **state)
{
    (void)state;
    static char page[65536];
    for (int says = 0; says < 2; says++) {
        size_t n = (size_t)snprintf(page, sizeof page, "<html><head>%s</head><body><h1>Bridge to be built</h1>",
                                    says ? "<meta property=article:modified_time content=2024-03-05>" : "");
        for (int i = 0; i < 200; i++)
            n += (size_t)snprintf(page + n, sizeof page - n, "<p>The vote was nine to four in round <b>%d</b>.</p>", i);
        n += (size_t)snprintf(page + n, sizeof page - n, "<p class=date>May 9, 2024</p></body></html>");
        struct article a = clean_bytes(nw_str(page, n), "html");
        assert_int_equal(NW_HAS(record, a.record, first_created), !says);
    }
}

static void the_first_publication_is_one(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "<h1>Bridge to be built</h1><time datetime=2024-05-09>9 May</time><p>This article was originally published on "
        "5 "
        "March 2024 and has been updated since, to keep what it says about the bridge and about its cost current.</p>",
        "<h1>Bridge to be built</h1><p>First published March 5, 2024</p><p>May 9, 2024</p>"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        published_is(story("", texts[i]), 2024, 3, 5);
}

/* A sentence may speak of a book; what the page calls the date of its posting counts before any sentence. */
static void a_line_counts_before_a_sentence(void **state)
{
    (void)state;
    published_is(story("", "<h1>Bridge to be built</h1><p>May 9, 2024</p><p>The novel was first published on 5 March "
                           "2004 and is about a bridge that is never built, though all have voted for it.</p>"),
                 2024, 5, 9);
    published_is(story("", "<h1>Bridge to be built</h1><p>This post was originally published on the 21st of June 2017 "
                           "and updated on the 18th of July 2025.</p><div><span>Posted on March 5, 2024</span></div>"),
                 2024, 3, 5);
    published_is(story("", "<h1>Bridge to be built</h1><p>This post was originally published on the 21st of June 2017 "
                           "and updated on the 18th of July 2025.</p>"),
                 2017, 6, 21);
}

/* A day that is said again with its time has that time, unless it is another day. */
static void a_day_takes_its_time_from_elsewhere(void **state)
{
    (void)state;
    static const char script[] = "<script type='application/ld+json'>[{\"@type\":\"WebPage\",\"datePublished\":\"%s\"},"
                                 "{\"@type\":\"Article\",\"datePublished\":\"2024-03-05T00:00:00Z\"}]</script>%s";
    static const struct {
        const char *page, *meta;
        int day, hour;
    } heads[] = {
        {"2024-03-05T17:00:00Z", "", 5, 17},
        {"2024-03-06T04:00:00Z", "", 6, 4}, /* the evening of the fifth, in America */
        {"2024-03-12T04:00:00Z", "", 5, 0},
        {"2024-03-05", "<meta property=article:published_time content='2024-03-05T11:00:00+02:00'>", 5, 9},
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char head[512];
        assert_true(snprintf(head, sizeof head, script, heads[i].page, heads[i].meta) < (int)sizeof head);
        struct article a = story(head, "<h1>Bridge to be built</h1>");
        assert_true(a.record->first_created == nw_time_from_civil(2024, 3, heads[i].day, heads[i].hour, 0, 0));
    }
}

/* What is called published counts wherever it stands, where metadata have the time of saving in both dates. */
static void a_label_stands_before_its_date(void **state)
{
    (void)state;
    static const char saved[] = "<meta property=article:published_time content=2024-03-01><script "
                                "type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":"
                                "\"2024-05-09T09:00:00Z\",\"dateModified\":\"2024-05-09T09:00:00Z\"}</script>";
    published_is(story(saved, "<h1>Bridge to be built</h1><p><b>Published</b> <i>March 5, 2024</i></p>"), 2024, 3, 5);
    published_is(story(saved, "<h1>Bridge to be built</h1>"), 2024, 3, 1);
}

static void a_meta_element_may_hold_the_script(void **state)
{
    (void)state;
    published_is(story("<meta name='script:ld+json' content='{&quot;@type&quot;:&quot;Article&quot;,&quot;"
                       "datePublished&quot;:&quot;2024-03-05&quot;}'>",
                       "<h1>Bridge to be built</h1>"),
                 2024, 3, 5);
}

/* 5/3/2024 is a day of March but for those who write the month first. */
static void the_language_orders_day_and_month(void **state)
{
    (void)state;
    static const struct {
        const char *language;
        int month, day;
    } languages[] = {{"en", 5, 3}, {"en-US", 5, 3}, {"en-GB", 3, 5}, {"vi", 3, 5}, {"pt-BR", 3, 5}, {"", 5, 3}};
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        published_is(story_in(languages[i].language, "", "<h1>Bridge to be built</h1><p class=date>05/03/2024</p>"),
                     2024, languages[i].month, languages[i].day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(dates_of_updates_are_no_publication),
                                       cmocka_unit_test(the_last_change_is_no_publication),
                                       cmocka_unit_test(a_late_line_says_when_it_was_published),
                                       cmocka_unit_test(what_is_shown_corrects_what_was_saved),
                                       cmocka_unit_test(the_nearest_date_counts),
                                       cmocka_unit_test(a_teasers_date_is_not_the_articles),
                                       cmocka_unit_test(the_first_publication_is_one),
                                       cmocka_unit_test(a_line_counts_before_a_sentence),
                                       cmocka_unit_test(a_day_takes_its_time_from_elsewhere),
                                       cmocka_unit_test(a_label_stands_before_its_date),
                                       cmocka_unit_test(a_meta_element_may_hold_the_script),
                                       cmocka_unit_test(the_language_orders_day_and_month)};
    return cmocka_run_group_tests(tests, NULL, clean_end);
}
