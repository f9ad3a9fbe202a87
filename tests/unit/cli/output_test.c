/* Output in large pieces, to readers that are slow or gone; lines for people that no article can break. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/article_line.h"
#include "cli/message.h"
#include "cli/output.h"

#include <newswire/clock.h>
#include <newswire/utf8.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void gathers_lines(void **state)
{
    struct output output;
    char got[64];
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
    output_init(&output, fds[1]);
    assert_int_equal(output_line(&output, NW_S("one")), 0);
    assert_int_equal(output_line(&output, NW_S("")), 0);
    assert_int_equal(read(fds[0], got, sizeof got), -1); /* not yet: there is no large piece of it */
    assert_int_equal(output_flush(&output), 0);
    assert_int_equal(read(fds[0], got, sizeof got), 5);
    assert_memory_equal(got, "one\n\n", 5);
    output_free(&output);
    close(fds[0]);
    close(fds[1]);
}

struct reader {
    int fd;
    size_t n, lines;
};

static void *read_all(void *user)
{
    struct reader *reader = user;
    char bytes[4096];
    ssize_t n;

    while ((n = read(reader->fd, bytes, sizeof bytes)) > 0) {
        reader->n += (size_t)n;
        for (ssize_t i = 0; i < n; i++) {
            reader->lines += bytes[i] == '\n';
        }
    }
    return NULL;
}

/* More than a pipe holds, into one that somebody made non-blocking. */
static void waits_for_a_slow_reader(void **state)
{
    struct reader reader = {0};
    struct output output;
    pthread_t thread;
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
    reader.fd = fds[0];
    assert_int_equal(pthread_create(&thread, NULL, read_all, &reader), 0);
    output_init(&output, fds[1]);
    for (int i = 0; i < 100000; i++) {
        assert_int_equal(output_line(&output, NW_S("a line of thirty bytes, just so")), 0);
    }
    assert_int_equal(output_flush(&output), 0);
    close(fds[1]);
    pthread_join(thread, NULL);
    assert_int_equal(reader.lines, 100000);
    assert_int_equal(reader.n, 100000 * 32);
    output_free(&output);
    close(fds[0]);
}

static void ends_quietly_when_the_reader_has_gone(void **state)
{
    struct output output;
    int fds[2], rc = 0, lines = 0;

    (void)state;
    assert_int_equal(pipe(fds), 0);
    output_init(&output, fds[1]);
    close(fds[0]);
    while (rc == 0 && lines < 1000000) {
        rc = output_line(&output, NW_S("a line"));
        lines++;
    }
    assert_int_equal(rc, OUTPUT_CLOSED);
    assert_int_equal(output_line(&output, NW_S("a line")), OUTPUT_CLOSED);
    assert_int_equal(output_flush(&output), OUTPUT_CLOSED);
    output_free(&output);
    close(fds[1]);
}

static void tells_of_a_full_disk(void **state)
{
    struct output output;
    int fd = open("/dev/full", O_WRONLY);

    (void)state;
    if (fd < 0) {
        skip();
    }
    output_init(&output, fd);
    assert_int_equal(output_line(&output, NW_S("a line")), 0);
    assert_int_equal(output_flush(&output), -ENOSPC);
    output_free(&output);
    close(fd);
}

static void expect_plain(struct nw_str text, const char *expected)
{
    struct nw_buf out;

    nw_buf_init(&out, 1 << 16);
    assert_int_equal(message_plain(&out, text), 0);
    nw_buf_char(&out, '\0');
    assert_string_equal(out.p, expected);
    nw_buf_free(&out);
}

static void shows_no_control_characters(void **state)
{
    (void)state;
    expect_plain(NW_S("plain — ünïcödé"), "plain — ünïcödé");
    expect_plain(NW_S("a\nb\tc\033[31md\177e\0f"), "a?b?c?[31md?e?f");
    expect_plain(NW_S("\xc2\x9b"
                      "31m"),
                 "?31m"); /* the C1 form of ESC [ */
    expect_plain(NW_S("\xff\xe2\x82"), "???");
    expect_plain(NW_S("\xef\xbf\xbd"), "\xef\xbf\xbd"); /* U+FFFD itself is a character */
}

/* Whatever bytes come in, what goes out is UTF-8 without control characters. */
static void is_plain_for_any_bytes(void **state)
{
    uint64_t random = 1;
    struct nw_buf out;

    (void)state;
    nw_buf_init(&out, 1 << 16);
    for (int i = 0; i < 2000; i++) {
        char bytes[64];
        size_t n;

        for (n = 0; n < sizeof bytes; n++) {
            random = random * UINT64_C(6364136223846793005) + 1;
            bytes[n] = (char)(random >> 56);
        }
        nw_buf_clear(&out);
        assert_int_equal(message_plain(&out, nw_str(bytes, n)), 0);
        assert_int_equal(nw_utf8_valid(nw_buf_view(&out)), out.n);
        for (size_t at = 0; at < out.n;) {
            uint32_t c = nw_utf8_next(nw_buf_view(&out), &at);
            assert_true(c >= 0x20 && (c < 0x7f || c >= 0xa0));
        }
    }
    nw_buf_free(&out);
}

static void an_article_is_one_line(void **state)
{
    struct nw_arena arena = {0};
    struct nw_record *record = nw_record_new(&arena);
    struct nw_info_source *agency;
    struct nw_place *place;
    struct nw_subject *subject;
    struct nw_buf out;
    struct nw_story story = {0};

    (void)state;
    nw_buf_init(&out, ARTICLE_LINE_MAX);
    assert_int_equal(article_line(record, false, &out), 0);
    assert_int_equal(out.n, 0);

    assert_int_equal(nw_record_set_body(&arena, record, NW_S("Ferries stay in port.\n\nMore.")), 0);
    assert_int_equal(article_line(record, false, &out), 0);
    nw_buf_char(&out, '\0');
    assert_string_equal(out.p, "Ferries stay in port.");

    NW_SET(record, record, content_created, nw_time_from_civil(2031, 5, 4, 9, 30, 0));
    agency = NW_APPEND(&arena, record, record, info_sources, info_source);
    NW_SET(info_source, agency, name, NW_S("Harbour News"));
    NW_SET(record, record, located, NW_S("Tallinn"));
    assert_int_equal(nw_record_set_headline(&arena, record, NW_S("Storm keeps\n\033[2Jferries in port")), 0);
    subject = NW_APPEND(&arena, record, record, subjects, subject);
    NW_SET(subject, subject, name, NW_S("shipping"));
    place = NW_APPEND(&arena, record, record, places, place);
    NW_SET(place, place, name, NW_S("Estonia"));
    nw_buf_clear(&out);
    assert_int_equal(article_line(record, false, &out), 0);
    nw_buf_char(&out, '\0');
    assert_string_equal(out.p, "2031-05-04 09:30  Harbour News  Tallinn  Storm keeps??[2Jferries in port  [shipping, "
                               "Estonia]");

    NW_SET(story, &story, revision_of, NW_S("urn:test:1"));
    NW_SET(story, &story, size, 3);
    NW_SET(story, &story, headline, NW_S("Gale\nwarning"));
    NW_SET(record, record, story, &story);
    nw_buf_clear(&out);
    assert_int_equal(article_line(record, false, &out), 0);
    nw_buf_char(&out, '\0');
    assert_string_equal(out.p, "2031-05-04 09:30  Harbour News  Tallinn  Storm keeps??[2Jferries in port  new version  "
                               "story of 3:  Gale?warning  [shipping, Estonia]");
    nw_buf_clear(&out);
    assert_int_equal(article_line(record, true, &out), 0);
    assert_true(nw_str_find(nw_buf_view(&out), NW_S("\033[1mStorm keeps")) != SIZE_MAX);
    nw_buf_free(&out);
    nw_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gathers_lines),
        cmocka_unit_test(waits_for_a_slow_reader),
        cmocka_unit_test(tells_of_a_full_disk),
        cmocka_unit_test(ends_quietly_when_the_reader_has_gone),
        cmocka_unit_test(shows_no_control_characters),
        cmocka_unit_test(is_plain_for_any_bytes),
        cmocka_unit_test(an_article_is_one_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
