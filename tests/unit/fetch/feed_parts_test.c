/* The parts of the feeds' source: addresses, items of feeds, rhythm, OPML. */
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
                                          "::127.0.0.1"};
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
    assert_true(feed_item(&a, 0)->identity == feed_item(&b, 0)->identity);
    assert_true(feed_item(&a, 0)->identity == feed_item(&c, 0)->identity);
    assert_true(feed_item(&a, 0)->identity == feed_item(&d, 0)->identity);
    assert_true(feed_item(&a, 1)->identity == feed_item(&b, 1)->identity);
    assert_true(feed_item(&a, 1)->identity == feed_item(&c, 1)->identity);
    assert_true(feed_item(&a, 2)->identity != feed_item(&a, 1)->identity);
    feed_scan_free(&a);
    feed_scan_free(&b);
    feed_scan_free(&c);
    feed_scan_free(&d);
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
        assert_true(feed_item(&again, 0)->identity == feed_item(&scan, 1)->identity);
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

static int collect(void *user, struct nw_str url)
{
    return nw_buf_printf(user, "%.*s\n", NW_FMT(url));
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
    assert_int_equal(opml_read(path, collect, &urls, why), 0);
    assert_true(nw_str_eq(nw_buf_view(&urls), NW_S("http://x/a?b=1&c=2\nhttp://x/d\n")));
    assert_int_equal(ftruncate(fd, 60), 0);
    assert_int_equal(opml_read(path, collect, &urls, why), 1);
    assert_non_null(strstr(why, "damaged"));
    close(fd);
    unlink(path);
    assert_int_equal(opml_read(path, collect, &urls, why), 1);
    nw_buf_free(&urls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(private_addresses_are_known),
        cmocka_unit_test(items_are_known_by_guid_then_link_then_bytes),
        cmocka_unit_test(what_is_known_is_left_out_of_the_copy),
        cmocka_unit_test(what_is_no_feed_is_none),
        cmocka_unit_test(polls_follow_the_rhythm),
        cmocka_unit_test(opml_lists_feeds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
