/* Which of a page's titles is its headline, and what of it is something else. */
#include "page_check.h"

static void a_page_has_one_headline(void **state)
{
    (void)state;
    static const struct {
        const char *what, *head, *top, *headline;
    } pages[] = {
        {"the site's name behind a dash", "<title>Bridge to be built - The Harbour</title>", "", "Bridge to be built"},
        {"behind a bar, twice", "<title>Bridge to be built this year after all | News | The Harbour</title>", "",
         "Bridge to be built this year after all"},
        {"before it, where the page tells its name",
         "<meta property=og:site_name content='The Harbour'><title>The Harbour: x | Bridge to be built</title>", "",
         "The Harbour: x | Bridge to be built"},
        {"Chinese, without blanks", "<title>大桥今年开工建设_海港新闻</title>", "", "大桥今年开工建设"},
        {"Japanese, with an h1 of the site before it", "<title>港の新しい橋が開通｜みなと新聞</title>",
         "<h1>みなと新聞</h1><h1>港の新しい橋が開通、渋滞緩和へ</h1>", "港の新しい橋が開通、渋滞緩和へ"},
        {"the only h1 in its own words", "<title>What a new bridge costs in 2024 - The Harbour</title>",
         "<h1>A bridge for 2024, and what it costs the town</h1>", "A bridge for 2024, and what it costs the town"},
        {"an h1 that names the page's section", "<title>What a new bridge costs in 2024 - The Harbour</title>",
         "<h1>Our news</h1>", "What a new bridge costs in 2024"},
        {"the h1 among others that the title repeats", "<title>Bridge to be built | The Harbour</title>",
         "<h1>The Harbour</h1><h1>Bridge to be built</h1><h1>More news</h1>", "Bridge to be built"},
        {"a column behind a bar", "<title>Let the ferries sail in winter too</title>",
         "<h1>Let the ferries sail in winter too | Editorial</h1>", "Let the ferries sail in winter too"},
        {"a kicker that the title does not have", "<title>Let the ferries sail in winter too</title>",
         "<h1>Opinion | Let the ferries sail in winter too</h1>", "Let the ferries sail in winter too"},
        {"a kicker that the title has, too", "<title>BUDGET | Let the ferries sail in winter too</title>",
         "<h1>BUDGET | Let the ferries sail in winter too</h1>", "BUDGET | Let the ferries sail in winter too"},
        {"a date in the h1", "<title>Bridge to be built now</title>",
         "<h1><small>Mar 5 2024</small> Bridge to be built now</h1>", "Bridge to be built now"},
        {"what it is, before it", "<title>Bridge to be built now</title>",
         "<h1><b>Title:</b>Bridge to be built now</h1>", "Bridge to be built now"},
        {"in capitals, where another title has the same words",
         "<meta property=og:title content='A new bridge for Port Ada, and what it costs'><title>Bridge</title>",
         "<h1>A NEW BRIDGE FOR PORT ADA AND WHAT IT COSTS</h1>", "A new bridge for Port Ada, and what it costs"},
        {"in capitals, where the others have other words",
         "<meta property=og:title content='What a new bridge may cost the town of Port Ada'>",
         "<h1>A NEW BRIDGE FOR PORT ADA</h1>", "A NEW BRIDGE FOR PORT ADA"},
        {"escaped twice", "<title>Ferries &amp; bridges: what comes</title>",
         "<h1>Ferries &amp;amp; bridges: what comes</h1>", "Ferries & bridges: what comes"},
        {"OpenGraph without an h1", "<meta property=og:title content='Bridge to be built'><title>News</title>", "",
         "Bridge to be built"},
        {"JSON-LD before OpenGraph",
         "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Bridge to be built after "
         "all\"}</script><meta property=og:title content='You will not believe this bridge'>",
         "", "Bridge to be built after all"},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct article a = story(pages[i].head, pages[i].top);
        if (!nw_str_eq(a.headline, nw_str_z(pages[i].headline)))
            fail_msg("%s: \"%.*s\"", pages[i].what, NW_FMT(a.headline));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_page_has_one_headline)};
    return cmocka_run_group_tests(tests, NULL, clean_end);
}
