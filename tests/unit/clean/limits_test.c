/* What is built to be too much: each bound holds, what is within it comes out, and a refusal says what to do. None of
 * it takes more than a moment, which a bound that does not hold would: each of these inputs is quadratic without it. */
#include "clean_check.h"
#include "draft.h"

#include <newswire/alloc.h>

#include <unistd.h>

enum { MANY = 20000, ROOM = 8 << 20 };

/* head, then `each` printed with 0 … n - 1, then tail. */
static struct nw_str repeated(const char *head, const char *each, size_t n, const char *tail)
{
    char *out = nw_arena_alloc(&clean_arena, ROOM);
    assert_non_null(out);
    size_t at = (size_t)snprintf(out, ROOM, "%s", head);
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(each), number = 0;
        assert_true(at + length + 32 + strlen(tail) < ROOM);
        for (size_t k = 0; k < length; k++)
            if (each[k] == '#')
                at += number = (size_t)snprintf(out + at, 32, "%zu", i);
            else
                out[at++] = each[k];
    }
    at += (size_t)snprintf(out + at, ROOM - at, "%s", tail);
    return nw_str(out, at);
}

static struct article taken(struct nw_str bytes)
{
    struct article article = clean_bytes(bytes, "");
    if (article.verdict != NW_OK)
        fail_msg("refused: %s", article.why);
    return article;
}

/* The same for what is beyond one bound, which must have been said. */
static struct article beyond(enum bound bound, struct nw_str bytes)
{
    struct article article = taken(bytes);
    if (article.reached != UINT32_C(1) << bound)
        fail_msg("bounds %x were said to be reached, expected %x", article.reached, UINT32_C(1) << bound);
    assert_int_equal(article.cut, 1);
    return article;
}

static void attributes_beyond_the_bound_are_left_out(void **state)
{
    (void)state;
    struct article a = beyond(BOUND_ATTRS, repeated("<rss><channel><item ", "a#=\"x>y\" ", MANY,
                                                    "><title>Ferries sail</title></item></channel></rss>"));
    text_is(a.headline, "Ferries sail");
    a = beyond(BOUND_ATTRS, repeated("<feed><entry><title>One</title><link href='http://x.example/1' ", "b#='x' ", MANY,
                                     "/></entry></feed>"));
    text_is(a.headline, "One");
    text_is(a.record->source->link, "http://x.example/1");
}

static void lists_and_notes_have_an_end(void **state)
{
    (void)state;
    struct article a = beyond(BOUND_LIST, repeated("<newsItem guid=\"x\"><contentMeta><headline>T</headline>",
                                                   "<subject qcode=\"a:#\"><name>n#</name></subject>", MANY,
                                                   "</contentMeta></newsItem>"));
    assert_int_equal(a.record->subjects.n, LIST_MOST);
    a = beyond(BOUND_NOTES, repeated("<newsItem guid=\"x\"><contentMeta><headline>T</headline></contentMeta><itemMeta>",
                                     "<edNote>note #</edNote>", MANY, "</itemMeta></newsItem>"));
    assert_in_range(a.record->ed_note.n, NOTES_MOST / 2, NOTES_MOST);
    a = beyond(BOUND_JOINED, repeated("<feed><entry><title>T</title>", "<author><name>Ada Example #</name></author>",
                                      MANY, "</entry></feed>"));
    assert_in_range(a.record->by.n, JOINED_MOST / 2, JOINED_MOST);
    a = taken(repeated("{\"title\": \"T\", \"text\": [", "\"Paragraph #.\", ", MANY, "\"The last.\"]}"));
    assert_true(nw_str_ends(a.body, NW_S("Paragraph 19999.\n\nThe last.")));
}

static void nesting_has_an_end(void **state)
{
    (void)state;
    struct article a = beyond(BOUND_DEPTH, repeated("<rss><channel><item><title>T</title><description>", "<a>",
                                                    MANY * 10, "deep</description></item></channel></rss>"));
    text_is(a.headline, "T");
    a = clean_bytes(repeated("{\"headlines\": ", "[", MANY, ""), "");
    assert_int_equal(a.verdict, NW_REJECTED);
    assert_non_null(strstr(a.why, "nested deeper than are read at byte 77"));
    a = clean_bytes(repeated("From: a@b.example\nSubject: S\nMessage-ID: <1@b.example>\nMIME-Version: 1.0\n",
                             "Content-Type: multipart/mixed; boundary=b#\n\n--b#\n", MANY, "\nText\n"),
                    "");
    assert_int_equal(a.verdict, NW_OK);
    text_is(a.headline, "S");
}

static void parts_and_headers_of_mail_have_an_end(void **state)
{
    (void)state;
    struct article a =
        beyond(BOUND_MAIL_PARTS,
               repeated("From: a@b.example\nSubject: S\nMessage-ID: <1@b.example>\nMIME-Version: 1.0\nContent-Type: "
                        "multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nThe text.\n",
                        "--b\nContent-Type: application/pdf\n\n#\n", MANY, "--b--\n"));
    text_is(a.body, "The text.");
    a = beyond(BOUND_MAIL_HEADER, repeated("From: a@b.example\nMessage-ID: <1@b.example>\nSubject: ", "=?utf-8?q?w#?= ",
                                           MANY, "\nTo: c@b.example\n\nThe text.\n"));
    text_is(a.body, "The text.");
    assert_in_range(a.headline.n, 1000, 8 << 10);
    a = taken(
        repeated("From: a@b.example\nSubject: S\nMessage-ID: <1@b.example>\nContent-Transfer-Encoding: base64\n\n",
                 "!?==*#", MANY, "\n"));
    text_is(a.headline, "S"); /* Base64 that is none: what comes of it is no text, the subject stays */
}

/* Nine entities, each ten of the one before, and one of 20,000 bytes 20,000 times: none is put in. */
static void entities_are_not_multiplied(void **state)
{
    (void)state;
    struct article a = taken(NW_S("<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
                                  "\"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">"
                                  "<!ENTITY d SYSTEM \"http://x.example/\">]><rss><channel><item><title>&c; "
                                  "&d;</title></item></channel></rss>"));
    text_is(a.headline, "&c; &d;");
    char *value = nw_arena_alloc(&clean_arena, MANY + 128);
    assert_non_null(value);
    size_t n = (size_t)snprintf(value, 64, "<!DOCTYPE rss [<!ENTITY a \"");
    memset(value + n, 'a', MANY);
    snprintf(value + n + MANY, 64, "\">]><rss><channel><item><title>");
    a = taken(repeated(value, "&a;", MANY, "</title></item></channel></rss>"));
    assert_in_range(a.headline.n, 1, 3 * MANY);
}

static void nuls_and_long_lines_are_read(void **state)
{
    (void)state;
    struct article a = taken(NW_S("Ferries sail\n\nThe fer\0ries sail again, the harbour master said.\n"));
    assert_true(memchr(a.body.p, '\0', a.body.n) == NULL);
    a = taken(repeated("", "word # ", MANY * 5, ""));
    assert_true(a.body.n > MANY * 5);
}

/* Headers of any bytes: what stands in a record is UTF-8, which reading the article back shows (clean_check.h). */
static void headers_of_any_bytes_are_read(void **state)
{
    (void)state;
    struct article a =
        taken(NW_S("WARC/1.0\nWARC-Type: response\nWARC-Target-URI: http://x.example/\xFF\n\nHTTP/1.1 200 "
                   "OK\nContent-Type: text\xFF\xFF\n\n<html><body><h1>Ferries sail</h1><p>The ferries "
                   "sail again, the harbour master said.</p></body></html>\n"));
    text_is(a.headline, "Ferries sail");
    a = taken(NW_S("From: \xFF\xFE <a@b.example>\nSubject: Ferries \xFF sail\nMessage-ID: <1\xFF@b.example>\nKeywords: "
                   "\xFF\n\nThe text.\n"));
    text_is(a.body, "The text.");
}

static void what_else_is_left_out_is_said(void **state)
{
    (void)state;
    struct article a = beyond(BOUND_PARAGRAPHS, repeated("", "W#.\n\n", PARAGRAPHS_MOST + 100, ""));
    assert_true(nw_str_find(a.body, NW_S("W65535.")) != SIZE_MAX);
    assert_true(nw_str_find(a.body, NW_S("W65536.")) == SIZE_MAX);
    a = beyond(BOUND_PICTURES, repeated("{\"versioncreated\": \"2026-03-03T14:05:00Z\", \"headline\": \"T\", "
                                        "\"body_text\": \"Text.\", \"associations\": {\"x\": null",
                                        ", \"p#\": {\"uri\": \"http://x.example/#\"}", 100, "}}"));
    assert_int_equal(a.record->associations.n, PICTURES_MOST);
    a = beyond(BOUND_FILES, repeated("{\"versioncreated\": \"2026-03-03T14:05:00Z\", \"headline\": \"T\", "
                                     "\"body_text\": \"Text.\", \"associations\": {\"x\": {\"uri\": "
                                     "\"http://x.example/\", \"renditions\": {\"r\": {\"href\": \"\"}",
                                     ", \"r#\": {\"href\": \"http://x.example/#\"}", 100, "}}}}"));
    assert_int_equal(a.record->associations.v[0].renditions.n, FILES_MOST);
    a = beyond(BOUND_ARTICLES, repeated("[", "{\"title\": \"T#\", \"text\": \"Text.\"}, ", NW_EMIT_MAX + 1,
                                        "{\"title\": \"T\", \"text\": \"Text.\"}]"));
    assert_int_equal(a.count, NW_EMIT_MAX);
    a = beyond(BOUND_ID, repeated("<nitf><head><docdata><doc-id id-string=\"", "a#", MANY / 10,
                                  "\"/></docdata></head><body><body.head><hedline><hl1>T</hl1></hedline></body.head>"
                                  "</body></nitf>"));
    text_is(a.headline, "T");
    a = beyond(BOUND_KEYWORDS, repeated("<rss xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><item><title>T"
                                        "</title><media:keywords>",
                                        "k#,", 100, "</media:keywords></item></channel></rss>"));
    assert_int_equal(a.record->subjects.n, KEYWORDS_MOST);
    a = beyond(BOUND_NODES, repeated("<html><body><h1>T</h1>", "<br>", TREE_NODES_MOST + 1, "</body></html>"));
    a = taken(NW_S("Ferries sail\n\nThe ferries sail again, the harbour master said.\n"));
    assert_int_equal(a.reached, 0);
    assert_int_equal(a.cut, 0);
}

/* What bounds_tell writes to standard error; the line lives until the next call. */
static struct nw_str told(struct nw_stage_context *context, struct clean *clean, const struct nw_source *source)
{
    static char line[4096];
    int before = dup(STDERR_FILENO), ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    bounds_tell(context, clean, source);
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    close(ends[1]);
    ssize_t n = read(ends[0], line, sizeof line);
    close(ends[0]);
    close(before);
    return nw_str(line, n > 0 ? (size_t)n : 0);
}

/* Each bound once a minute, and how many records were passed over between. */
static void a_line_says_it_once_a_minute(void **state)
{
    (void)state;
    struct nw_stage_context context = {.stage = &nw_stage_clean};
    struct clean clean = {.reached = 0};
    struct nw_source source = {.has = 0};
    NW_SET(source, &source, path, NW_S("wires/a.xml"));
    NW_SET(source, &source, index, 3);
    nw_clock_fake(1000000, 1000000);
    assert_int_equal(told(&context, &clean, &source).n, 0);
    clean.reached = UINT32_C(1) << BOUND_LIST;
    struct nw_str line = told(&context, &clean, &source);
    assert_true(nw_str_find(line, NW_S("wires/a.xml: item 3: left out what is beyond 512 entries of a list")) !=
                SIZE_MAX);
    assert_true(nw_str_find(line, NW_S("ask its source for smaller pieces")) != SIZE_MAX);
    assert_int_equal(told(&context, &clean, &source).n, 0);
    clean.reached = UINT32_C(1) << BOUND_NODES; /* another one is news */
    line = told(&context, &clean, &source);
    assert_true(nw_str_find(line, NW_S("1048576 elements")) != SIZE_MAX);
    clean.reached = UINT32_C(1) << BOUND_LIST;
    assert_int_equal(told(&context, &clean, &source).n, 0);
    nw_clock_fake(1060000, 1060000);
    line = told(&context, &clean, &source);
    assert_true(nw_str_find(line, NW_S("1 more records since the last such line")) != SIZE_MAX);
    assert_int_equal(nw_context_counted(&context, "cut"), 5);
    nw_clock_real();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes_beyond_the_bound_are_left_out),
        cmocka_unit_test(lists_and_notes_have_an_end),
        cmocka_unit_test(nesting_has_an_end),
        cmocka_unit_test(parts_and_headers_of_mail_have_an_end),
        cmocka_unit_test(entities_are_not_multiplied),
        cmocka_unit_test(nuls_and_long_lines_are_read),
        cmocka_unit_test(headers_of_any_bytes_are_read),
        cmocka_unit_test(what_else_is_left_out_is_said),
        cmocka_unit_test(a_line_says_it_once_a_minute),
    };
    return cmocka_run_group_tests(tests, NULL, clean_end);
}
