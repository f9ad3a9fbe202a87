/* The seeds of the fuzz target hold one item of each format: each gives the article that it holds, and is recognised by
 * its content. */
#include "clean_check.h"

#include <newswire/alloc.h>
#include <newswire/hash.h>

#include <newswire/log.h>

static struct nw_str seed(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, NW_SOURCE_DIR "/tests/fuzz/seeds/formats/%s", name);
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("%s cannot be opened", path);
    char *bytes = nw_arena_alloc(&clean_arena, 65536);
    size_t n = fread(bytes, 1, 65536, file);
    fclose(file);
    return nw_str_from(nw_str(bytes, n), 1); /* the first byte is the fuzz target's */
}

static void each_format_gives_its_article(void **state)
{
    (void)state;
    static const struct {
        const char *file, *format, *headline, *body, *by, *uri;
    } items[] = {
        {"rss.xml", "rss", "Ferries sail & more", "Long text of the ferry.", "Ada Example", "urn:newswire:rss:1"},
        {"atom.xml", "atom", "A & B", "Text", "Ada", "urn:x:1"},
        {"feed.json", "jsonfeed", "T", "x", "Ada", "urn:newswire:jsonfeed:1"},
        {"g2.xml", "newsml-g2", "Ferries", "Text.", "Ada", "urn:newsml:example.org:1"},
        {"newsml.xml", "newsml-1", "Ferries", "Text", NULL, "urn:newsml:example.org:20240305:1:1"},
        {"nitf.xml", "nitf", "Ferries", "Text more", "Ada", "urn:newswire:nitf:a1"},
        {"ninjs.json", "ninjs", "Ferries", "Text", NULL, "urn:x:1"},
        {"7901.txt", "iptc7901", "Ferries sail again", "The ferries sail again.", "Ada Example", NULL},
        {"anpa.txt", "anpa1312", "Ferries sail again", "The ferries \"sail\" again.\n\nMore.", "ADA EXAMPLE", NULL},
        {"reuters.sgm", "reuters-sgml", "FERRIES <FRY> SAIL", "The ferries sail again.\n\nThey do.", NULL,
         "urn:newswire:reuters-sgml:1"},
        {"page.warc", "html", "Ferries", "The ferries sail again.", NULL, NULL},
        {"mail.eml", "mail", "Ferries sail", "The ferries sail.", "Ada Exämple", "mid:1@example.org"},
        {"line.ndjson", "ndjson", "Ferries", "The ferries sail.\n\nThey do.", "Ada, Bo", "http://example.org/1"},
        {"wxr.xml", "wxr", "T", "x\n\ny", NULL, NULL},
        {"zczc.txt", "text", "Ferries sail again", "The ferries sail.", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        struct article a = clean_bytes(seed(items[i].file), "");
        if (a.verdict != NW_OK)
            fail_msg("%s: %s", items[i].file, a.why);
        print_message("%s\n", items[i].file);
        text_is(a.record->source->format, items[i].format);
        text_is(a.headline, items[i].headline);
        text_is(a.body, items[i].body);
        if (items[i].by)
            text_is(a.record->by, items[i].by);
        if (items[i].uri)
            text_is(a.record->uri, items[i].uri);
    }
}

static void codes_become_media_topics(void **state)
{
    (void)state;
    struct article a = clean_bytes(seed("g2.xml"), "");
    assert_int_equal(a.record->subjects.n, 1);
    text_is(a.record->subjects.v[0].uri, "http://cv.iptc.org/newscodes/mediatopic/04000000");
}

static void an_embargo_of_nitf_is_its_release(void **state)
{
    (void)state;
    struct article a = clean_bytes(seed("nitf.xml"), "");
    assert_true(a.record->embargoed_until == nw_time_from_civil(2024, 3, 6, 0, 0, 0));
}

static void a_feed_gives_an_article_an_entry(void **state)
{
    (void)state;
    struct article a = clean("<rss><channel><item><title>One</title></item><item><description>&lt;p>Two</description></"
                             "item><item/></channel></rss>",
                             "");
    assert_int_equal(a.count, 2);
    text_is(a.headline, "One");
}

/* Nothing that a document names is put into it. */
static void entities_of_others_stay_out(void **state)
{
    (void)state;
    struct article a = clean("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
                             "\"&a;&a;&a;&a;\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
                             "<rss><channel><item><title>T &b; &f; &amp; &eacute;</title></item></channel></rss>",
                             "");
    text_is(a.headline, "T &b; &f; & é");
}

static void any_prefix_of_any_format_is_read_or_refused(void **state)
{
    (void)state;
    static const char *const files[] = {"rss.xml",   "atom.xml",   "feed.json",   "g2.xml",   "newsml.xml",
                                        "nitf.xml",  "ninjs.json", "7901.txt",    "anpa.txt", "reuters.sgm",
                                        "page.warc", "mail.eml",   "line.ndjson", "wxr.xml",  "zczc.txt"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct nw_str whole = seed(files[i]);
        for (size_t n = 0; n < whole.n; n += 11) {
            struct article a = clean_bytes(nw_str(whole.p, n), "");
            assert_true(a.verdict == NW_OK || a.verdict == NW_REJECTED);
            assert_true(a.verdict != NW_REJECTED || a.why[0] != '\0');
        }
    }
}

/* The hash of all that was emitted; allocations fail no more from here on. */
static int hash_record(struct nw_stage_context *context, struct nw_record *record)
{
    uint64_t *hash = context->owner;
    struct nw_buf bytes;
    nw_alloc_fail_never();
    nw_buf_init(&bytes, 64 << 20);
    assert_int_equal(nw_record_encode(record, &bytes), 0);
    *hash = nw_hash64(nw_buf_view(&bytes), *hash + 1);
    nw_buf_free(&bytes);
    return 0;
}

/* The verdict when the n-th allocation fails; *failed tells whether there were so many. */
static int run_failing(struct nw_str bytes, size_t n, uint64_t *hash, bool *failed)
{
    struct nw_arena arena = {0};
    struct nw_stage_context context = {.arena = &arena, .emit = hash_record, .owner = hash};
    *hash = 0;
    nw_arena_init(&arena, 0);
    assert_int_equal(nw_context_open(&context, &nw_stage_clean, NULL), 0);
    struct nw_record *raw = nw_record_new(&arena);
    NW_SET(record, raw, raw, bytes);
    NW_SET(source, raw->source, index, 0);
    if (n != SIZE_MAX)
        nw_alloc_fail_after(n);
    int verdict = nw_context_process(&context, raw);
    *failed = nw_alloc_failed();
    nw_alloc_fail_never();
    nw_context_close(&context);
    nw_arena_free(&arena);
    return verdict;
}

/* Memory that runs out is a fault, never an article with something missing. */
static void each_failing_allocation_is_a_fault(void **state)
{
    (void)state;
    nw_log_setup("test", NW_LOG_ERROR);
    static char page[200000];
    size_t n = (size_t)snprintf(page, sizeof page, "<html><title>Ferries</title><h1>Ferries</h1>");
    for (int i = 0; n + 300 < sizeof page; i++) /* large enough for many blocks of the arena */
        n += (size_t)snprintf(page + n, sizeof page - n,
                              "<p class=a>Paragraph %d of &lt;many&gt;, each of which says that the ferries sail again "
                              "after the storm.</p>",
                              i);
    static const char *const files[] = {"rss.xml",     "atom.xml", "feed.json", "g2.xml",      "newsml.xml", "nitf.xml",
                                        "ninjs.json",  "7901.txt", "anpa.txt",  "reuters.sgm", "page.warc",  "mail.eml",
                                        "line.ndjson", "wxr.xml",  "zczc.txt",  NULL};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct nw_str bytes = files[i] ? seed(files[i]) : nw_str(page, n);
        uint64_t whole, part;
        bool failed;
        int verdict = run_failing(bytes, SIZE_MAX, &whole, &failed);
        assert_int_equal(verdict, NW_OK);
        failed = true;
        for (size_t k = 0; failed && k < 200; k++) {
            verdict = run_failing(bytes, k, &part, &failed);
            if (verdict >= 0 && part != whole)
                fail_msg("%s: allocation %zu fails, verdict %d, another article", files[i] ? files[i] : "page", k,
                         verdict);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_format_gives_its_article),
                                       cmocka_unit_test(codes_become_media_topics),
                                       cmocka_unit_test(an_embargo_of_nitf_is_its_release),
                                       cmocka_unit_test(a_feed_gives_an_article_an_entry),
                                       cmocka_unit_test(entities_of_others_stay_out),
                                       cmocka_unit_test(any_prefix_of_any_format_is_read_or_refused),
                                       cmocka_unit_test(each_failing_allocation_is_a_fault)};
    return cmocka_run_group_tests(tests, NULL, clean_end);
}
