/* What inside a page is the article's text and what is not, in the ways that systems build pages. */
#include "page_check.h"

static const char P1[] = "The council met on Tuesday and decided to build the bridge after all, its chairman said to "
                         "reporters in the town hall, where two hundred people had waited since the morning.";
static const char P2[] = "The vote was nine to four, and came after a long debate about what the bridge will cost the "
                         "town, and about who is to pay for the road that leads to it from the harbour.";
static const char P3[] = "Work is to begin in the autumn, when the ferries have stopped for the winter, and will last "
                         "two years at least, according to the engineers whom the council has asked.";

enum { PAGE_MOST = 16384 };

/* The article of a page whose body is `format` with P1, P2 and P3 for its %s. */
static struct article page_of(const char *format, ...) __attribute__((format(printf, 1, 2)));

static struct article page_of(const char *format, ...)
{
    static char body[PAGE_MOST], page[PAGE_MOST + 256];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(body, sizeof body, format, arguments);
    va_end(arguments);
    assert_true(n > 0 && n < PAGE_MOST);
    n = snprintf(page, sizeof page,
                 "<!DOCTYPE html><html lang=en><head><title>A bridge for the town</title></head>"
                 "<body>%s</body></html>",
                 body);
    struct article a = clean_bytes(nw_str(page, (size_t)n), "html");
    if (a.verdict != NW_OK)
        fail_msg("refused: %s", a.why);
    return a;
}

static void holds(struct article a, const char *text)
{
    if (nw_str_find(a.body, nw_str_z(text)) == SIZE_MAX)
        fail_msg("\"%s\" is not in \"%.*s\"", text, NW_FMT(a.body));
}

static void lacks(struct article a, const char *text)
{
    if (nw_str_find(a.body, nw_str_z(text)) != SIZE_MAX)
        fail_msg("\"%s\" is in \"%.*s\"", text, NW_FMT(a.body));
}

/* React sends what comes late in hidden elements, and a script puts it in place; what is hidden otherwise stays out. */
static void text_that_streams_in_is_shown(void **state)
{
    (void)state;
    struct article a =
        page_of("<main><h1>A bridge for the town</h1><p>In short: a bridge.</p></main><div hidden id='S:0'>"
                "<p>%s</p><p>%s</p></div><div hidden id=menu><p>You have no bridges in your cart.</p></div>",
                P1, P2);
    holds(a, P1);
    holds(a, P2);
    lacks(a, "your cart");
}

/* Tables and code come in figures; pictures with captions do, too. */
static void figures_hold_tables_or_pictures(void **state)
{
    (void)state;
    struct article a =
        page_of("<article><h1>A bridge for the town</h1><p>%s</p><figure class=wp-block-table><table><tr><td>Year"
                "<td>Cost<tr><td>2024<td>12 million</table></figure><figure><img src=a.jpg><figcaption>The "
                "old bridge in winter.</figcaption></figure><p>%s</p></article>",
                P1, P2);
    holds(a, "2024 | 12 million");
    lacks(a, "The old bridge");
}

/* Headings link to themselves, come as h1 once the text has begun, or in boxes of a page builder. */
static void headings_stay(void **state)
{
    (void)state;
    struct article a =
        page_of("<article><h1>A bridge for the town</h1><p>%s</p><h2><a href='#cost'>What it costs</a></h2>"
                "<p>%s</p><h1>Who will build it</h1><p>%s</p><div class='elementor-widget widget'><div><h2>How "
                "long</h2></div></div><p>%s</p><h3><a href='/other'>Another article</a></h3></article>",
                P1, P2, P3, P1);
    holds(a, "What it costs");
    holds(a, "Who will build it");
    holds(a, "How long");
    lacks(a, "A bridge for the town");
    lacks(a, "Another article");
}

/* A list of links is the article's where a sentence announces it. */
static void announced_links_stay(void **state)
{
    (void)state;
    static const char list[] =
        "<div><ul><li><p><a href=/a>The plan of the bridge as drawn</a></p><li><p><a href=/b>The "
        "report of the engineers</a></p></ul></div>";
    struct article a = page_of(
        "<article><p>%s</p><p>These papers were laid before the council:</p>%s<p>%s</p></article>", P1, list, P2);
    holds(a, "The plan of the bridge as drawn");
    holds(a, "The report of the engineers");
    a = page_of("<article><p>%s</p><p>%s</p>%s</article>", P1, P2, list);
    lacks(a, "The plan of the bridge");
}

/* A column of teasers may hold more text than a short article; a boxed article without such headings is one. */
static void a_column_of_teasers_is_no_article(void **state)
{
    (void)state;
    struct article a = page_of(
        "<div><div><p>%s</p><p>%s</p></div><div role=complementary><h3><a href=/1>Boots at half price</a></h3>"
        "<p>%s</p><h3><a href=/2>Ropes for nothing</a></h3><p>A rope of two hundred metres is given away by the "
        "shop in the harbour to whoever buys an anchor.</p><h3><a href=/3>Tar again</a></h3></div></div>",
        P1, P2, P3);
    holds(a, P1);
    holds(a, P2);
    lacks(a, P3);
    a = page_of("<div><div role=complementary><h3>What comes next</h3><p>%s</p><p>%s</p></div><p>%s</p></div>", P1, P2,
                P3);
    holds(a, P1);
}

/* Behind a box of other articles the text goes on, links in it or not. */
static void text_goes_on_behind_a_box(void **state)
{
    (void)state;
    struct article a = page_of(
        "<article><p>%s</p><h4>Auch interessant</h4><p>%s <a href=/x>as reported</a>.</p><p>%s</p><p>%s</p><p>%s"
        "</p></article>",
        P1, P2, P3, P1, P2);
    holds(a, "as reported");
    lacks(a, "Auch interessant");
}

/* A page that holds its article twice has it once; a question that is asked twice stays. */
static void a_copy_of_the_article_goes(void **state)
{
    (void)state;
    static const char *const more[] = {"one", "two", "three", "four", "five", "six"};
    char once[4096];
    size_t n = 0;
    for (size_t i = 0; i < 6; i++)
        n += (size_t)snprintf(once + n, sizeof once - n,
                              "<p>In round %s the vote was nine to four again, as it had been in each round "
                              "before it.</p>",
                              more[i]);
    struct article a = page_of("<div class=wide>%s</div><div class=narrow>%s</div>", once, once);
    holds(a, "round one");
    holds(a, "round six");
    size_t at = nw_str_find(a.body, NW_S("round two"));
    assert_true(at != SIZE_MAX && nw_str_find(nw_str_from(a.body, at + 1), NW_S("round two")) == SIZE_MAX);
    a = page_of(
        "<article><p>%s</p><p>Do you want a bridge?</p><p>%s</p><p>Do you want a bridge?</p><p>%s</p></article>", P1,
        P2, P3);
    at = nw_str_find(a.body, NW_S("Do you want"));
    assert_true(nw_str_find(nw_str_from(a.body, at + 1), NW_S("Do you want")) != SIZE_MAX);
}

/* What pages say about themselves, and empty paragraphs that editors fill with joiners. */
static void small_print_goes(void **state)
{
    (void)state;
    struct article a =
        page_of("<article><p>%s</p><p>&zwj;</p><p>&zwj;%s</p><p>© The Harbour. No part of this text may be used by "
                "anybody without the leave of its publisher, which can be asked for at the address below, in "
                "writing, and which will be given to schools for nothing.</p></article>",
                P1, P2);
    lacks(a, "No part of this");
    char expected[1024];
    snprintf(expected, sizeof expected, "%s\n\n%s", P1, P2);
    text_is(a.body, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(text_that_streams_in_is_shown),
                                       cmocka_unit_test(figures_hold_tables_or_pictures),
                                       cmocka_unit_test(headings_stay),
                                       cmocka_unit_test(announced_links_stay),
                                       cmocka_unit_test(a_column_of_teasers_is_no_article),
                                       cmocka_unit_test(text_goes_on_behind_a_box),
                                       cmocka_unit_test(a_copy_of_the_article_goes),
                                       cmocka_unit_test(small_print_goes)};
    return cmocka_run_group_tests(tests, NULL, clean_end);
}
