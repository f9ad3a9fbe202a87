/*
 * How fast feeds are looked through, and copied without the items that are known: feed_bench
 *
 * Makes one feed of each kind, with 500 articles of full text, scans it and copies half of its items, on one thread:
 * megabytes a second of the feed, of CPU time.
 */
#include "fetch/feed_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ARTICLES = 500, PARAGRAPHS = 12 };

static double cpu(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct kind {
    const char *name, *head, *item, *paragraph, *end, *between, *tail;
};

static const struct kind kinds[] = {
    {"RSS, escaped", "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Harbour</title><ttl>30</ttl>\n",
     "<item>\n<title>The ferry of day %u sails</title>\n<link>https://news.example/harbour/%u?a=1&amp;b=2</link>\n"
     "<guid isPermaLink=\"false\">%u</guid>\n<pubDate>Tue, 24 Nov 2026 10:00:00 GMT</pubDate>\n<description>",
     "&lt;p class=&quot;text&quot;&gt;The harbour master said on Monday that the ferry would sail, &lt;a "
     "href=&quot;https://news.example/ferry&quot;&gt;as it does&lt;/a&gt; on every other day of the week.&lt;/p&gt;\n",
     "</description>\n</item>\n", "", "</channel></rss>\n"},
    {"RSS, CDATA",
     "<?xml version=\"1.0\"?>\n<rss version=\"2.0\" "
     "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\n",
     "<item>\n<title>The ferry of day %u sails</title>\n<link>https://news.example/harbour/%u</link>\n"
     "<guid>%u</guid>\n<content:encoded><![CDATA[",
     "<p class=\"text\">The harbour master said on Monday that the ferry would sail, <a "
     "href=\"https://news.example/ferry\">as it does</a> on every other day of the week.</p>\n",
     "]]></content:encoded>\n</item>\n", "", "</channel></rss>\n"},
    {"Atom, XHTML", "<?xml version=\"1.0\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Harbour</title>\n",
     "<entry>\n<title>The ferry of day %u sails</title>\n<link href=\"https://news.example/harbour/%u\"/>\n"
     "<id>urn:x:%u</id>\n<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">",
     "<p class=\"text\">The harbour master said on Monday that the ferry would sail, <a "
     "href=\"https://news.example/ferry\">as it does</a> on every other day of the week.</p>\n",
     "</div></content>\n</entry>\n", "", "</feed>\n"},
    {"JSON Feed", "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Harbour\",\"items\":[\n",
     "{\"title\":\"The ferry of day %u sails\",\"url\":\"https:\\/\\/news.example\\/harbour\\/%u\",\"id\":\"%u\","
     "\"content_html\":\"",
     "<p class=\\\"text\\\">The harbour master said on Monday that the ferry would sail, <a "
     "href=\\\"https:\\/\\/news.example\\/ferry\\\">as it does<\\/a> on every other day of the week.<\\/p>\\n",
     "\"}", ",\n", "]}\n"},
};

static void make(const struct kind *kind, struct nw_buf *feed)
{
    nw_buf_str(feed, nw_str_z(kind->head));
    for (unsigned i = 0; i < ARTICLES; i++) {
        nw_buf_str(feed, nw_str_z(i ? kind->between : ""));
        for (const char *p = kind->item; *p; p += p[0] == '%' ? 2 : 1) {
            if (*p == '%')
                nw_buf_printf(feed, "%u", i);
            else
                nw_buf_char(feed, *p);
        }
        for (unsigned k = 0; k < PARAGRAPHS; k++)
            nw_buf_str(feed, nw_str_z(kind->paragraph));
        nw_buf_str(feed, nw_str_z(kind->end));
    }
    nw_buf_str(feed, nw_str_z(kind->tail));
}

/* 0, or 1 where not all of its articles were found. */
static int measure(const struct kind *kind, unsigned times)
{
    bool keep[ARTICLES];
    struct nw_buf feed, copy;
    double began, took;
    size_t found = 0;

    nw_buf_init(&feed, 64 << 20);
    nw_buf_init(&copy, 64 << 20);
    make(kind, &feed);
    for (unsigned i = 0; i < ARTICLES; i++)
        keep[i] = i % 2;
    began = cpu();
    for (unsigned i = 0; i < times; i++) {
        struct feed_scan scan;
        feed_scan_init(&scan);
        if (feed_scan(&scan, nw_buf_view(&feed)) == 0)
            found += feed_count(&scan);
        nw_buf_clear(&copy);
        if (feed_count(&scan) == ARTICLES && feed_copy(&scan, nw_buf_view(&feed), keep, &copy) < 0)
            found = 0;
        feed_scan_free(&scan);
    }
    took = cpu() - began;
    printf("%s\t%.1f\tMB/s\n", kind->name, (double)feed.n * times / 1e6 / (took > 0 ? took : 1e-6));
    nw_buf_free(&feed);
    nw_buf_free(&copy);
    return found != (size_t)ARTICLES * times;
}

int main(void)
{
    unsigned times = getenv("NW_BENCH_QUICK") ? 1 : 200;
    int failed = 0;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        failed |= measure(&kinds[i], times);
    return failed;
}
