/* The parts of the feeds' source: addresses, items of feeds, rhythm, OPML. */
#include "feed_book.h"
#include "feed_pace.h"
#include "feed_scan.h"
#include "guard.h"
#include "opml.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static bool is_public(const char *text)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
        return guard_is_public((const struct sockaddr *)&in);
    assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
    return guard_is_public((const struct sockaddr *)&in6);
}

static void private_addresses_are_known(void **state)
{
    static const char *const private[] = {"0.0.0.0",
                                          "10.1.2.3",
                                          "100.64.0.1",
                                          "100.127.255.255",
                                          "127.0.0.1",
                                          "169.254.169.254",
                                          "172.16.0.1",
                                          "172.31.255.255",
                                          "192.168.1.1",
                                          "198.18.0.1",
                                          "224.0.0.1",
                                          "255.255.255.255",
                                          "192.0.2.1",
                                          "::",
                                          "::1",
                                          "fe80::1",
                                          "fc00::1",
                                          "fd12::1",
                                          "ff02::1",
                                          "::ffff:127.0.0.1",
                                          "64:ff9b::10.0.0.1",
                                          "2002:7f00:1::",
                                          "2001:db8::1",
                                          "2001::1",
                                          "fec0::1",
                                          "::127.0.0.1",
                                          "192.88.99.1",
                                          "240.0.0.1",
                                          "::ffff:0.0.0.0",
                                          "::ffff:10.0.0.1",
                                          "::ffff:169.254.169.254",
                                          "::ffff:0:127.0.0.1", /* translated, RFC 2765 */
                                          "64:ff9b::127.0.0.1",
                                          "64:ff9b::169.254.169.254",
                                          "64:ff9b:1::8.8.8.8", /* a network's own NAT64, RFC 8215 */
                                          "2002:a00:1::1",
                                          "2002:a9fe:a9fe::1",
                                          "2002:c0a8:101::",
                                          "100::1",
                                          "3fff::1",
                                          "4000::1"};
    static const char *const open[] = {"8.8.8.8",          "100.63.255.255", "100.128.0.1",          "172.15.0.1",
                                       "172.32.0.1",       "192.167.1.1",    "2a00:1450:4001::200e", "::ffff:8.8.8.8",
                                       "64:ff9b::8.8.8.8", "2002:808:808::"};
    struct sockaddr local = {.sa_family = AF_UNIX};

    (void)state;
    for (size_t i = 0; i < sizeof private / sizeof *private; i++) {
        if (is_public(private[i]))
            fail_msg("%s is taken for public", private[i]);
    }
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        if (!is_public(open[i]))
            fail_msg("%s is taken for private", open[i]);
    }
    assert_false(guard_is_public(&local));
}

static const char rss[] =
    "<?xml version='1.0'?><!-- <item> --><rss><channel><ttl>90</ttl><title><![CDATA[<item>]]></title>\n"
    "<item><guid isPermaLink='false'> a </guid><link>http://x/1</link></item>\n"
    "<item><link>http://x/2</link><media:x><guid>no</guid></media:x></item>\n"
    "<item><title>bare</title></item></channel></rss>";
static const char atom[] =
    "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:sy='s'><sy:updatePeriod>daily</sy:updatePeriod>"
    "<sy:updateFrequency>4</sy:updateFrequency><id>feed</id>"
    "<entry><id><![CDATA[a]]></id><link rel='self' href='http://x/0'/></entry>"
    "<entry><link rel='enclosure' href='http://x/e'/><link href=\"http://x/2\"/></entry></feed>";
static const char rdf[] = "<rdf:RDF><channel rdf:about='c'/><item rdf:about='a'><title>T</title></item></rdf:RDF>";
static const char json[] =
    "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":\"a\"},{\"url\":\"http://x/2\"},"
    "{\"title\":\"bare\"}]}";

static struct feed_scan scanned(const char *text)
{
    struct feed_scan scan;

    feed_scan_init(&scan);
    assert_int_equal(feed_scan(&scan, nw_str_z(text)), 0);
    return scan;
}

/* The best by which an item is known. */
static uint64_t identity(const struct feed_scan *scan, size_t i)
{
    const struct feed_item *item = feed_item(scan, i);
    size_t way = 0;

    while (item->known_by[way] == 0 || item->shared[way])
        way++;
    return item->known_by[way];
}

static void items_are_known_by_guid_then_link_then_bytes(void **state)
{
    struct feed_scan a = scanned(rss), b = scanned(atom), c = scanned(json), d = scanned(rdf);

    (void)state;
    assert_int_equal(a.kind, FEED_XML);
    assert_int_equal(feed_count(&a), 3);
    assert_int_equal(a.pause_ms, 90 * 60000);
    assert_int_equal(feed_count(&b), 2);
    assert_int_equal(b.pause_ms, 6 * 3600000);
    assert_int_equal(c.kind, FEED_JSON);
    assert_int_equal(feed_count(&c), 3);
    assert_int_equal(feed_count(&d), 1);
    assert_true(identity(&a, 0) == identity(&b, 0));
    assert_true(identity(&a, 0) == identity(&c, 0));
    assert_true(identity(&a, 0) == identity(&d, 0));
    assert_true(identity(&a, 1) == identity(&b, 1));
    assert_true(identity(&a, 1) == identity(&c, 1));
    assert_true(identity(&a, 2) != identity(&a, 1));
    feed_scan_free(&a);
    feed_scan_free(&b);
    feed_scan_free(&c);
    feed_scan_free(&d);
}

/* What several items have tells none of them apart; the same item twice is one. */
static void shared_guids_are_none(void **state)
{
    struct feed_scan scan = scanned("<rss><channel><item><guid>g</guid><link>http://x/1</link></item>"
                                    "<item><guid>g</guid><link>http://x/2</link></item>"
                                    "<item><guid>g</guid><link>http://x/2</link></item>"
                                    "<item><guid>h</guid><link>http://x/2</link></item>"
                                    "<item><link>http://x/3</link><title>a</title></item>"
                                    "<item><link>http://x/3</link><title>b</title></item></channel></rss>");

    (void)state;
    assert_int_equal(feed_count(&scan), 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(feed_item(&scan, i)->shared[KNOWN_BY_ID], i < 3);
        assert_int_equal(feed_item(&scan, i)->shared[KNOWN_BY_LINK], i > 0);
        assert_false(feed_item(&scan, i)->shared[KNOWN_BY_BYTES]);
        for (size_t k = 0; k < i; k++) {
            if ((identity(&scan, i) == identity(&scan, k)) != (i == 2 && k == 1))
                fail_msg("items %zu and %zu", k, i);
        }
    }
    feed_scan_free(&scan);
}

/* How many of a feed's items are new to the book. */
static unsigned news(struct feed_book *book, const char *feed, int64_t day)
{
    struct feed_scan scan = scanned(feed);
    unsigned n = 0;

    for (size_t i = 0; i < feed_count(&scan); i++) {
        bool is_new;
        assert_int_equal(feed_book_see(book, 1, feed_item(&scan, i), day * 86400000, &is_new), 0);
        n += is_new;
    }
    assert_int_equal(feed_book_forget(book, 1, (day - 30) * 86400000), 0);
    feed_scan_free(&scan);
    return n;
}

/* One guid for all: whatever of them the feed shows, each item is new once. */
static void items_of_one_guid_come_once(void **state)
{
#define A "<item><guid>g</guid><link>http://x/1</link><title>a</title></item>"
#define B "<item><guid>g</guid><link>http://x/2</link><title>b</title></item>"
#define C "<item><guid>g</guid><link>http://x/2</link><title>c</title></item>"
    static const struct {
        const char *feed;
        unsigned news;
    } polls[] = {
        {"<rss><channel>" A "</channel></rss>", 1},     {"<rss><channel>" B A "</channel></rss>", 1},
        {"<rss><channel>" B "</channel></rss>", 0},     {"<rss><channel>" A "</channel></rss>", 0},
        {"<rss><channel>" C B A "</channel></rss>", 1}, {"<rss><channel>" C "</channel></rss>", 0},
        {"<rss><channel>" B B "</channel></rss>", 0},
    };
    char folder[] = "feed_parts_test.XXXXXX", why[NW_WHY], command[64];
    struct ledger *ledger = NULL;
    struct feed_book *book = NULL;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(ledger_open(nw_str_z(folder), &ledger, why), 0);
    assert_int_equal(feed_book_open(ledger, &book, why), 0);
    for (size_t i = 0; i < sizeof polls / sizeof *polls; i++) {
        unsigned n = news(book, polls[i].feed, (int64_t)i * 20); /* further apart than a mark is fresh */
        if (n != polls[i].news)
            fail_msg("poll %zu: %u new, expected %u: %s", i, n, polls[i].news, polls[i].feed);
    }
    feed_book_close(&book);
    ledger_close(&ledger);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
}

static void links_are_read(void **state)
{
    static const struct {
        const char *feed, *link;
    } table[] = {
        {"<rss><item><link>http://x/?a=1&amp;b=&#50;&#x33;&c</link></item></rss>", "http://x/?a=1&b=23&c"},
        {"<rss><item><link><![CDATA[ http://x/1 ]]></link><guid>http://x/2</guid></item></rss>", "http://x/1"},
        {"<rss><item><guid>http://x/2</guid></item></rss>", "http://x/2"},
        {"<rss><item><guid isPermaLink='false'>http://x/2</guid></item></rss>", ""},
        {"<rss><item><guid>tag:x</guid></item></rss>", ""},
        {"<feed><entry><link rel='self' href='/s'/><link href='/a?b&amp;c'/></entry></feed>", "/a?b&c"},
        {"{\"version\":\"https:\\/\\/jsonfeed.org/version/1\",\"items\":[{\"url\":\"https:\\/\\/x\\/"
         "\\u00e9\\ud83d\\ude00\\n\"}]}",
         "https://x/\xC3\xA9\xF0\x9F\x98\x80\n"},
        {"{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":7,\"x\":{\"url\":\"no\"}}]}", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct feed_scan scan = scanned(table[i].feed);
        struct nw_buf link;

        nw_buf_init(&link, 4096);
        assert_int_equal(feed_count(&scan), 1);
        assert_int_equal(feed_link(&scan, feed_item(&scan, 0), &link), 0);
        if (!nw_str_eq(nw_buf_view(&link), nw_str_z(table[i].link)))
            fail_msg("%s: expected %s, found %.*s", table[i].feed, table[i].link, NW_FMT(nw_buf_view(&link)));
        nw_buf_free(&link);
        feed_scan_free(&scan);
    }
}

/* Cut anywhere, a JSON Feed gives its whole items and no other. */
static void a_cut_json_feed_gives_its_whole_items(void **state)
{
    static const char text[] =
        "{ \"version\" : \"https://jsonfeed.org/version/1\", \"x\": [1, {\"items\": 2}], \"items\":\n"
        "[ {\"id\":\"a\\\"]}\",\"y\":[{}]} , {\"id\": 2.5 },{\"id\":\"\\\\\"}], \"z\":null }";
    struct feed_scan all = scanned(text);
    const bool keep[] = {true, true, true};

    (void)state;
    assert_int_equal(feed_count(&all), 3);
    for (size_t n = 0; n <= sizeof text - 1; n++) {
        char *part = malloc(n ? n : 1); /* of its very size, for AddressSanitizer */
        struct feed_scan scan, again;
        struct nw_buf copy;
        size_t count = 0;

        memcpy(part, text, n);
        feed_scan_init(&scan);
        assert_int_equal(feed_scan(&scan, nw_str(part, n)), 0);
        while (count < 3 && feed_item(&all, count)->to <= n)
            count++;
        assert_int_equal(feed_count(&scan), count);
        assert_int_equal(scan.whole, n == sizeof text - 1);
        nw_buf_init(&copy, 4096);
        if (scan.kind == FEED_JSON) {
            assert_int_equal(feed_copy(&scan, nw_str(part, n), keep, &copy), 0);
            feed_scan_init(&again);
            assert_int_equal(feed_scan(&again, nw_buf_view(&copy)), 0);
            assert_true(again.whole || scan.whole);
            assert_int_equal(feed_count(&again), count);
            for (size_t i = 0; i < count; i++)
                assert_true(identity(&again, i) == identity(&all, i));
            feed_scan_free(&again);
        }
        nw_buf_free(&copy);
        feed_scan_free(&scan);
        free(part);
    }
    feed_scan_free(&all);
}

static void what_is_known_is_left_out_of_the_copy(void **state)
{
    static const char *const feeds[] = {rss, json};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct feed_scan scan = scanned(feeds[i]), again;
        const bool keep[] = {false, true, false};
        struct nw_buf copy;

        nw_buf_init(&copy, 1 << 16);
        assert_int_equal(feed_copy(&scan, nw_str_z(feeds[i]), keep, &copy), 0);
        feed_scan_init(&again);
        assert_int_equal(feed_scan(&again, nw_buf_view(&copy)), 0);
        assert_int_equal(again.kind, scan.kind);
        assert_int_equal(feed_count(&again), 1);
        assert_true(identity(&again, 0) == identity(&scan, 1));
        feed_scan_free(&again);
        feed_scan_free(&scan);
        nw_buf_free(&copy);
    }
}

static void what_is_no_feed_is_none(void **state)
{
    static const char *const others[] = {"",
                                         "<html><body><item/></body></html>",
                                         "Sorry.",
                                         "{\"items\":[1]}",
                                         "{",
                                         "<",
                                         "{\"version\":\"https://jsonfeed.org/version/1\"}"};

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct feed_scan scan = scanned(others[i]);
        assert_int_equal(scan.kind, FEED_NONE);
        feed_scan_free(&scan);
    }
}

static void polls_follow_the_rhythm(void **state)
{
    const struct feed_limits limits = {60000, 3600000};
    struct feed_pace pace = {0};
    int64_t now = 1000000000, pause, first = 0;

    (void)state;
    for (int i = 0; i < 50; i++) { /* an item every ten minutes */
        feed_pace_answer(&pace, &limits, now, 1, 0, &pause);
        now += 600000;
        first = i == 0 ? pause : first;
    }
    assert_true(pause > 200000 && pause < 400000);
    assert_false(feed_pace_is_quiet(&pace, &limits, now + 3600000));
    assert_true(feed_pace_is_quiet(&pace, &limits, now + 4 * 3600000));
    feed_pace_answer(&pace, &limits, now, 1, 1800000, &pause);
    assert_int_equal(pause, 1800000); /* what the feed asks for */
    for (int i = 0; i < 20; i++) {
        feed_pace_error(&pace, &limits, -1, (uint64_t)i * 7919, &pause);
        assert_true(pause >= limits.least_ms && pause <= limits.most_ms);
    }
    assert_int_equal(pause, limits.most_ms);
    feed_pace_error(&pace, &limits, 7200000, 0, &pause);
    assert_int_equal(pause, 7200000); /* what the server asks for */
    feed_pace_answer(&pace, &limits, now, 0, 0, &pause);
    assert_int_equal(pace.errors, 0);
}

static int collect(void *user, struct nw_str url, bool follow)
{
    return nw_buf_printf(user, "%.*s%s\n", NW_FMT(url), follow ? " +" : "");
}

static void opml_lists_feeds(void **state)
{
    static const char text[] =
        "<opml version='2.0'><body><outline text='Ports'><outline xmlUrl='http://x/a?b=1&amp;c=2'/>"
        "<outline text='none'/></outline><outline xmlUrl=' http://x/d '/></body></opml>";
    char path[] = "opml_test.XXXXXX", why[NW_WHY];
    struct nw_buf urls;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    nw_buf_init(&urls, 4096);
    assert_int_equal(opml_read(path, false, collect, &urls, why), 0);
    assert_true(nw_str_eq(nw_buf_view(&urls), NW_S("http://x/a?b=1&c=2\nhttp://x/d\n")));
    assert_int_equal(ftruncate(fd, 60), 0);
    assert_int_equal(opml_read(path, false, collect, &urls, why), 1);
    assert_non_null(strstr(why, "damaged"));
    close(fd);
    unlink(path);
    assert_int_equal(opml_read(path, false, collect, &urls, why), 1);
    nw_buf_free(&urls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(private_addresses_are_known),
        cmocka_unit_test(items_are_known_by_guid_then_link_then_bytes),
        cmocka_unit_test(shared_guids_are_none),
        cmocka_unit_test(items_of_one_guid_come_once),
        cmocka_unit_test(links_are_read),
        cmocka_unit_test(a_cut_json_feed_gives_its_whole_items),
        cmocka_unit_test(what_is_known_is_left_out_of_the_copy),
        cmocka_unit_test(what_is_no_feed_is_none),
        cmocka_unit_test(polls_follow_the_rhythm),
        cmocka_unit_test(opml_lists_feeds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
