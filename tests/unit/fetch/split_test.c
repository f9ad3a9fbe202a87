/* Splitters: examples of each, and the property that the pieces in which a container comes make no difference. */
#include "unit/fetch/harness.h"

/* The transcript for one piece, after it was found the same for many ways to cut the bytes; free() it. */
static char *split_text(const struct splitter *kind, struct nw_str bytes)
{
    struct nw_buf whole, cut;

    nw_buf_init(&whole, TRANSCRIPT);
    nw_buf_init(&cut, TRANSCRIPT);
    transcript_split(&whole, kind, bytes, bytes.n + 1, 0);
    nw_buf_char(&whole, '\0');
    for (size_t piece = 0; piece < 12; piece++) {
        nw_buf_clear(&cut);
        transcript_split(&cut, kind, bytes, piece, (uint32_t)bytes.n);
        nw_buf_char(&cut, '\0');
        assert_string_equal(whole.p, cut.p);
    }
    nw_buf_free(&cut);
    return whole.p;
}

static void expect(const struct splitter *kind, const char *text, const char *expected)
{
    char *got = split_text(kind, nw_str_z(text));

    assert_string_equal(got, expected);
    free(got);
}

static const struct splitter *chosen(const char *text, const char *name, const char *format)
{
    return split_choose((struct view){.bytes = nw_str_z(text), .last = true}, nw_str_z(name), nw_str_z(format));
}

static void reuters(void **state)
{
    (void)state;
    expect(
        &split_reuters,
        "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS A=\"1\">\n<BODY>Rain &lt;REUTERS></BODY></REUTERS>\n"
        "<REUTERS>REUTERS news, a <b>,</REUTERSX></REUTERS >\n\n",
        "item at 36 format 'reuters-sgml' declared '' url '' [<REUTERS A=\"1\">\n<BODY>Rain "
        "&lt;REUTERS></BODY></REUTERS>]\n"
        "item at 93 format 'reuters-sgml' declared '' url '' [<REUTERS>REUTERS news, a <b>,</REUTERSX></REUTERS >]\n");
}

static void reuters_broken(void **state)
{
    (void)state;
    /* An element without an end costs that element; a cut at the end is one sentence. */
    expect(&split_reuters, "<REUTERS 1>one\n<REUTERS 2>two</REUTERS>\n<REUTERS 3>thr",
           "bad: item 0 at byte 0: cut off after 15 bytes, the next one begins before its </REUTERS>; left out\n"
           "item at 15 format 'reuters-sgml' declared '' url '' [<REUTERS 2>two</REUTERS>]\n"
           "bad: item 2 at byte 40: cut off after 14 bytes, the end comes before its </REUTERS>; left out\n");
    expect(&split_reuters, "<REUTERS 1>one</REUTERS>\nnoise </REUTERS> more\n<REUTERS 2>two</REUTERS>",
           "item at 0 format 'reuters-sgml' declared '' url '' [<REUTERS 1>one</REUTERS>]\n"
           "item at 47 format 'reuters-sgml' declared '' url '' [<REUTERS 2>two</REUTERS>]\n"
           "bad: 19 bytes outside of <REUTERS> elements, the first at byte 25; left out\n");
}

static void ndjson(void **state)
{
    (void)state;
    expect(&split_ndjson, "\xEF\xBB\xBF{\"a\":1}\r\n\n  \n {\"b\":\"}\"}\t\n[]\n{\"c\"\n{\"d\":4}",
           "item at 0 format 'ndjson' declared '' url '' [{\"a\":1}]\n"
           "item at 16 format 'ndjson' declared '' url '' [{\"b\":\"}\"}]\n"
           "bad: line 5: expected a JSON object, found []; left out\n"
           "bad: line 6: expected a JSON object, found one that does not end; left out\n"
           "item at 36 format 'ndjson' declared '' url '' [{\"d\":4}]\n");
}

static void mbox(void **state)
{
    (void)state;
    expect(&split_mbox,
           "From desk@example.org Thu Jan  6 10:00:00 2022\nSubject: one\n\nFirst.\n\nFrom here it is 10:30 to "
           "noon\n>From all.\n"
           "\nFrom desk@example.org Thu Jan  6 11:00:00 2022\nSubject: two\n\nSecond.\n",
           "item at 0 format 'mail' declared '' url '' [Subject: one\n\nFirst.\n\nFrom here it is 10:30 to noon\nFrom "
           "all.\n\n]\n"
           "item at 111 format 'mail' declared '' url '' [Subject: two\n\nSecond.\n]\n");
}

#define WARC(type, more, length, block)                                                                                \
    "WARC/1.0\r\nWARC-Type: " type "\r\nWARC-Target-URI: http://example.org/a\r\n" more "Content-Length: " length      \
    "\r\n\r\n" block "\r\n\r\n"
#define RESPONSE "Content-Type: application/http; msgtype=response\r\n"

static void warc(void **state)
{
    (void)state;
    expect(&split_warc,
           WARC("warcinfo", "", "5", "x: y\n")
               WARC("response", RESPONSE, "70",
                    "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n\r\n<p>One</p>\n")
                   WARC("response", RESPONSE, "52", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG....")
                       WARC("response", RESPONSE, "41", "HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n<p>No</p>\n")
                           WARC("conversion", "Content-Type: text/plain\r\n", "5", "Words"),
           "item at 100 format '' declared 'text/html; charset=utf-8' url 'http://example.org/a' [<p>One</p>\n]\n"
           "item at 702 format '' declared 'text/plain' url 'http://example.org/a' [Words]\n");
}

static void warc_encoded(void **state)
{
    (void)state;
    expect(&split_warc,
           WARC("response", RESPONSE, "73",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nOne \r\n6;x=y\r\nchunk.\r\n0\r\n\r\n")
               WARC("response", RESPONSE, "72",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nIt was decoded already.\n\n")
                   WARC("response", RESPONSE, "50", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nplain.\n")
                       WARC("response", RESPONSE, "50", "HTTP/1.1 200 OK\r\nContent-Encoding: none\r\n\r\nplain.\n"),
           "item at 0 format '' declared '' url 'http://example.org/a' [One chunk.]\n"
           "item at 222 format '' declared '' url 'http://example.org/a' [It was decoded already.\n\n]\n"
           "item at 440 format '' declared '' url 'http://example.org/a' [plain.\n]\n"
           "bad: record 3 at byte 636: its content encoding none is not known; left out\n");
}

static void warc_lengths(void **state)
{
    (void)state;
    /* A wrong length costs its record, whichever way it is wrong. */
    expect(&split_warc,
           WARC("conversion", "", "-5", "One") WARC("conversion", "", "2", "Two") WARC("conversion", "", "300", "Three")
               WARC("conversion", "", "4", "Four") WARC("conversion", "", "900", "Fi"),
           "bad: record 0 at byte 0: Content-Length: expected a number, found -5; left out\n"
           "bad: record 1 at byte 101: its Content-Length is wrong: no record follows after 2; left out\n"
           "bad: record 2 at byte 201: cut off: the end comes before its Content-Length of 300; left out\n"
           "item at 305 format '' declared '' url 'http://example.org/a' [Four]\n"
           "bad: record 4 at byte 406: cut off: the end comes before its Content-Length of 900; left out\n");
}

static void newsml(void **state)
{
    (void)state;
    expect(&split_newsml,
           "<?xml version='1.0'?><!-- <itemSet> --><n:newsMessage xmlns:n='urn:x' a='>'><n:header/><n:itemSet>\n"
           "<n:newsItem guid='1'><b><![CDATA[</n:newsItem>]]></b></n:newsItem>\n<n:newsItem "
           "guid='2'/></n:itemSet></n:newsMessage>\n",
           "item at 99 format 'newsml-g2' declared '' url '' [<?xml version='1.0'?><!-- <itemSet> --><n:newsMessage "
           "xmlns:n='urn:x' a='>'>"
           "<n:header/><n:itemSet><n:newsItem "
           "guid='1'><b><![CDATA[</n:newsItem>]]></b></n:newsItem></n:itemSet></n:newsMessage>]\n"
           "item at 166 format 'newsml-g2' declared '' url '' [<?xml version='1.0'?><!-- <itemSet> --><n:newsMessage "
           "xmlns:n='urn:x' a='>'>"
           "<n:header/><n:itemSet><n:newsItem guid='2'/></n:itemSet></n:newsMessage>]\n");
    expect(&split_newsml, "<newsMessage><itemSet><newsItem>cut <b>off",
           "bad: item 0 at byte 22: cut off after 20 bytes, before its end; left out\n");
    expect(&split_newsml, "<newsMessage><itemSet> </itemSet></newsMessage>",
           "item at 23 format 'newsml-g2' declared '' url '' [<newsMessage><itemSet></itemSet></newsMessage>]\n");
}

static void whole(void **state)
{
    (void)state;
    expect(&split_whole, "\xFF\0 anything", "item at 0 format '' declared '' url '' [\xFF]\n");
    expect(&split_whole, "Any words.", "item at 0 format '' declared '' url '' [Any words.]\n");
}

static void choice(void **state)
{
    (void)state;
    assert_ptr_equal(chosen("{\"a\":1}\n{\"b\":2}\n", "-", ""), &split_ndjson);
    assert_ptr_equal(chosen("{\"a\":1}\n", "-", ""), &split_whole);
    assert_ptr_equal(chosen("{\"a\":1}\n", "x.jsonl", ""), &split_ndjson);
    assert_ptr_equal(chosen("{\n\"a\":1}\n{}", "-", ""), &split_whole);
    assert_ptr_equal(chosen("{\"a\":1}\n{\"b\":2}\n", "-", "text"), &split_whole);
    assert_ptr_equal(chosen("no JSON", "-", "ndjson"), &split_ndjson);
    assert_ptr_equal(chosen("<REUTERS>", "-", ""), &split_reuters);
    assert_ptr_equal(chosen("<!DOCTYPE html>", "-", ""), &split_whole);
    assert_ptr_equal(chosen("WARC/1.1\r\n", "-", ""), &split_warc);
    assert_ptr_equal(chosen("From x Thu Jan  6 11:00:00 2022\nA: b\n", "-", ""), &split_mbox);
    assert_ptr_equal(chosen("From 11:00 on, rain.\n", "-", ""), &split_whole);
    assert_ptr_equal(chosen("<newsMessage><itemSet>", "-", ""), &split_newsml);
    assert_ptr_equal(chosen("<newsItem/>", "-", ""), &split_whole);
    /* While it could still be NDJSON, or anything else, nothing is chosen. */
    assert_null(split_choose((struct view){.bytes = NW_S("{\"a\":1}\n")}, NW_S("-"), NW_S("")));
    assert_null(split_choose((struct view){.bytes = NW_S("From ")}, NW_S("-"), NW_S("")));
}

/* Containers with an item too large in the middle: one sentence, the others come out, and the window has a bound. */
static void too_large(void **state)
{
    static const struct {
        const struct splitter *kind;
        const char *before, *begin, *end, *after;
    } cases[] = {
        {&split_reuters, "<REUTERS>a</REUTERS>", "<REUTERS>", "</REUTERS>", "<REUTERS>b</REUTERS>"},
        {&split_ndjson, "{\"a\":1}\n", "{\"x\":\"", "\"}\n", "{\"b\":2}\n"},
        {&split_mbox, "From a 10:00 2022\nA: b\n\na\n\n", "From b 10:00 2022\nA: b\n\n", "\n\n",
         "From c 10:00 2022\nA: b\n\nc\n"},
        {&split_newsml, "<newsMessage><itemSet><newsItem>a</newsItem>", "<newsItem>", "</newsItem>",
         "<newsItem>b</newsItem></itemSet></newsMessage>"},
        {&split_warc, WARC("conversion", "", "1", "a"),
         "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 20000000\r\n\r\n", "", WARC("conversion", "", "1", "b")},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = 20000000, items = 0, bads = 0, from = 0, to = 0;
        struct split split = {.kind = NULL};
        struct nw_buf text;
        enum split_step step = SPLIT_MORE;
        char begin[64];

        nw_buf_init(&text, 2 * n);
        nw_buf_str(&text, nw_str_z(cases[i].before));
        nw_buf_str(&text, nw_str_z(cases[i].begin));
        nw_buf_reserve(&text, n);
        memset(text.p + text.n, 'x', n);
        text.n += n;
        nw_buf_str(&text, nw_str_z(cases[i].end));
        nw_buf_str(&text, nw_str_z(cases[i].after));
        assert_int_equal(text.error, 0);
        split_begin(&split, cases[i].kind, 0);
        while (step != SPLIT_END) {
            struct view view = {.bytes = nw_str(text.p + from, to - from), .at = from, .last = to == text.n};
            struct item item;

            step = cases[i].kind->next(&split, view, &item);
            from += split.taken;
            items += step == SPLIT_ITEM;
            if (step == SPLIT_BAD) {
                bads++;
                snprintf(begin, sizeof begin, "at byte %zu", strlen(cases[i].before));
                assert_non_null(strstr(split.why, begin));
                assert_non_null(strstr(split.why, "more than the 16 MiB"));
            }
            if (step == SPLIT_MORE) {
                assert_true(to < text.n);
                assert_true(to - from < SPLIT_WINDOW); /* there is room, or something went */
                to = to + 1000000 < text.n ? to + 1000000 : text.n;
                to = to - from > SPLIT_WINDOW ? from + SPLIT_WINDOW : to;
            }
        }
        assert_int_equal(items, 2);
        assert_int_equal(bads, 1);
        split_free(&split);
        nw_buf_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reuters),      cmocka_unit_test(reuters_broken), cmocka_unit_test(ndjson),
        cmocka_unit_test(mbox),         cmocka_unit_test(warc),           cmocka_unit_test(warc_encoded),
        cmocka_unit_test(warc_lengths), cmocka_unit_test(newsml),         cmocka_unit_test(whole),
        cmocka_unit_test(choice),       cmocka_unit_test(too_large),
    };

    return cmocka_run_group_tests_name("split", tests, NULL, NULL);
}
