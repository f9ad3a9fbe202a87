/* Pages: what is the article and what is not; authors. Dates and titles have files of their own. */
#include "page_check.h"

static const char PAGE[] =
    "<!DOCTYPE html><html lang=en><head><title>Ferries sail again - The Harbour</title><meta property='og:site_name' "
    "content='The Harbour'>"
    "<meta property=article:published_time content='2024-03-05T10:00:00+02:00'><link rel=canonical "
    "href='https://example.org/ferries'>"
    "<script>var x = '<p>not text</p>';</script><script type='application/ld+json'>{\"@context\": "
    "\"https://schema.org\", \"@type\": \"NewsArticle\", "
    "\"headline\": \"Ferries sail again\", \"author\": [{\"@type\": \"Person\", \"name\": \"Ada "
    "Example\"}],}</script></head><body>"
    "<nav><ul><li><a href=/>Home</a><li><a href=/n>News</a></ul></nav><article><h1>Ferries sail again</h1><div "
    "class='share-bar'>Share this</div>"
    "<p>The ferries sail again after the storm, the harbour master said on Tuesday, and the first of them left at noon "
    "with two hundred people.</p>"
    "<figure><img src=a.jpg><figcaption>A ferry in the harbour, photographed last year.</figcaption></figure>"
    "<p>It was the &ldquo;longest break&rdquo; in years, he said &mdash; but nobody was hurt, and the ships were not "
    "damaged either.<p>Read more: <a href=/s>Storm hits coast</a></p>"
    "<h2>What comes next</h2><ul><li>Two more ferries on Wednesday<li>The night boat on Friday</ul><p>The harbour will "
    "be dredged in the summer, as it is every "
    "five years, and one pier will be closed for a month.</p></article><aside><h3>Most read</h3><p>A long teaser of "
    "another article that has nothing to do with "
    "ferries, and which goes on for a while.</p></aside><footer>© The Harbour. All rights "
    "reserved.</footer></body></html>";

static void the_article_and_nothing_else(void **state)
{
    (void)state;
    struct article a = clean(PAGE, "");
    text_is(a.record->source->format, "html");
    text_is(a.headline, "Ferries sail again");
    text_is(a.record->by, "Ada Example");
    text_is(a.record->uri, "https://example.org/ferries");
    assert_true(a.record->first_created == nw_time_from_civil(2024, 3, 5, 8, 0, 0));
    text_is(a.body, "The ferries sail again after the storm, the harbour master said on Tuesday, and the first of them "
                    "left at noon with two hundred people.\n\n"
                    "It was the “longest break” in years, he said — but nobody was hurt, and the ships were not "
                    "damaged either.\n\nWhat comes next\n\nTwo more ferries on "
                    "Wednesday\n\nThe night boat on Friday\n\nThe harbour will be dredged in the summer, as it is "
                    "every five years, and one pier will be closed for a month.");
}

/* Any prefix of a page is read or refused; none is a fault. */
static void any_prefix_is_read_or_refused(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof PAGE - 1; n += 7) {
        struct article a = clean_bytes(nw_str(PAGE, n), "html");
        assert_true(a.verdict == NW_OK || a.verdict == NW_REJECTED);
    }
}

static void what_an_author_does_is_no_name(void **state)
{
    (void)state;
    static const struct {
        const char *author, *by;
    } names[] = {
        {"Ada Example, lecturer in bridges at the academy", "Ada Example"},
        {"Ada Example Marketing Coordinator", "Ada Example"},
        {"Ada Example, María de la Cruz", "Ada Example, María de la Cruz"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char head[256];
        snprintf(head, sizeof head, "<meta name=author content='%s'>", names[i].author);
        text_is(story(head, "<h1>Bridge to be built</h1>").record->by, names[i].by);
    }
    text_is(story("", "<h1>Bridge to be built</h1><div>Von: <a href=/ada>Ada Example</a></div>").record->by,
            "Ada Example");
    text_is(story("", "<h1>Bridge to be built</h1><div class=author>By<span>Ada Example</span></div>").record->by,
            "Ada Example");
    text_is(story("", "<h1>Bridge to be built</h1><div class=author>Byron Example</div>").record->by, "Byron Example");
}

/* A line that names the author above the text is the byline, and no text; "By the river" is neither. */
static void bylines_in_many_languages(void **state)
{
    (void)state;
    static const char *const lines[][2] = {
        {"By Ada Example", "Ada Example"},
        {"Von Ada Beispiel", "Ada Beispiel"},
        {"Par Ada de la Tour", "Ada de la Tour"},
        {"Por Ada Exemplo, G1", "Ada Exemplo"},
        {"Autor: Ada Przykładowa", "Ada Przykładowa"},
        {"Автор: Ада Примерова", "Ада Примерова"},
        {"كتبت: آدا مثال", "آدا مثال"},
        {"2024年3月5日 来源：海港新闻 作者：李明", "李明"},
        {"홍길동 기자", "홍길동"},
        {"Von der Brücke zum Fluss", NULL},
        {"Par temps de pluie", NULL},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char top[256];
        snprintf(top, sizeof top, "<h1>Bridge to be built</h1><p>%s</p>", lines[i][0]);
        struct article a = story("", top);
        struct nw_str by = NW_HAS(record, a.record, by) ? a.record->by : nw_str(NULL, 0);
        if (!nw_str_eq(by, lines[i][1] ? nw_str_z(lines[i][1]) : nw_str(NULL, 0)))
            fail_msg("%s: by \"%.*s\"", lines[i][0], NW_FMT(by));
        if (lines[i][1] && nw_str_find(a.body, nw_str_z(lines[i][1])) != SIZE_MAX &&
            nw_str_find(nw_str_z(lines[i][0]), NW_S("2024")) == SIZE_MAX)
            fail_msg("%s stands in the text", lines[i][0]);
    }
}

static void broken_svg_takes_no_text_with_it(void **state)
{
    (void)state;
    struct article a = clean("<html><body><svg><path d='M0'><g><title>x</title><p>The council met on Tuesday and "
                             "decided to build the bridge after all, its chairman said to "
                             "reporters.</p><p>The vote was nine to four, and came after a long debate about what the "
                             "bridge will cost the town.</p></body></html>",
                             "");
    assert_true(nw_str_starts(a.body, NW_S("The council met")));
    assert_true(nw_str_find(a.body, NW_S("The vote was")) != SIZE_MAX);
}

/* UTF-8 that was read as Latin-1 or windows-1252 and written again; blanks written as references stand beside it. */
static void text_read_twice_is_put_right(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"&nbsp;the bridge costs \xC3\xA2\xC2\x82\xC2\xAC"
         "14&nbsp;million \xC3\xA2\xC2\x80\xC2\x93&nbsp;it says",
         "the bridge costs €14 million – it says"},
        {"the bridge costs â‚¬14 million", "the bridge costs €14 million"},
        {"the towns of BÃ¦rum and &nbsp;DrÃ¸bak", "the towns of Bærum and Drøbak"},
        {"the town of Trà&nbsp;Vinh, in FRANÇA too", "the town of Trà Vinh, in FRANÇA too"},
        {"the chÃ¢teau of the café", "the chÃ¢teau of the café"}, /* another letter that is right: not certain */
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char page[512], want[256];
        snprintf(page, sizeof page,
                 "<html><body><h1>Bridge</h1><p>It is said that %s, and that is all.</p></body></html>", texts[i][0]);
        snprintf(want, sizeof want, "It is said that %s, and that is all.", texts[i][1]);
        text_is(clean(page, "html").body, want);
    }
}

static void nesting_has_no_end_but_ours(void **state)
{
    (void)state;
    static char deep[400000];
    size_t n = 0;
    while (n + 5 < 300000) {
        memcpy(deep + n, "<div>", 5);
        n += 5;
    }
    n += (size_t)snprintf(
        deep + n, sizeof deep - n,
        "<p>The council met on Tuesday and decided to build the bridge after all, its chairman said to reporters.</p>");
    struct article a = clean_bytes(nw_str(deep, n), "html");
    assert_int_equal(a.verdict, NW_OK);
    assert_true(nw_str_starts(a.body, NW_S("The council met")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_article_and_nothing_else),     cmocka_unit_test(any_prefix_is_read_or_refused),
        cmocka_unit_test(broken_svg_takes_no_text_with_it), cmocka_unit_test(nesting_has_no_end_but_ours),
        cmocka_unit_test(what_an_author_does_is_no_name),   cmocka_unit_test(bylines_in_many_languages),
        cmocka_unit_test(text_read_twice_is_put_right)};
    return cmocka_run_group_tests(tests, NULL, clean_end);
}
