/* Lines cut from a stream, however it comes, and lines on their way to the log. */
#include "super/forward.h"
#include "super/lines.h"

#include <newswire/clock.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

static void collect(void *context, struct nw_str line, bool cut)
{
    nw_buf_printf(context, "<%.*s%s>", NW_FMT(line), cut ? "…" : "");
}

/* The same lines for any cutting of the stream. */
static void test_lines_for_any_pieces(void **state)
{
    static const char text[] = "one\n\ntwo\r\n1234567890\n12345678901\nnext\nlast";
    static const char expected[] = "<one><><two><1234567890><1234567890…><next><last>";

    (void)state;
    for (size_t piece = 1; piece < sizeof text; piece++) {
        struct lines lines;
        struct nw_buf out;
        lines_init(&lines, 10);
        nw_buf_init(&out, 1000);
        for (size_t at = 0; at < sizeof text - 1; at += piece) {
            size_t left = sizeof text - 1 - at;
            lines_feed(&lines, nw_str(text + at, left < piece ? left : piece), collect, &out);
        }
        lines_end(&lines, collect, &out);
        nw_buf_char(&out, '\0');
        assert_string_equal(out.p, expected);
        lines_free(&lines);
        nw_buf_free(&out);
    }
}

static void test_endless_line_is_bounded(void **state)
{
    struct lines lines;
    struct nw_buf out;

    (void)state;
    lines_init(&lines, 8);
    nw_buf_init(&out, 1000);
    for (int i = 0; i < 100000; i++)
        lines_feed(&lines, NW_S("xxxxx"), collect, &out);
    lines_feed(&lines, NW_S("\nok\n"), collect, &out);
    assert_true(lines.held.cap <= 8);
    nw_buf_char(&out, '\0');
    assert_string_equal(out.p, "<xxxxxxxx…><ok>");
    lines_free(&lines);
    nw_buf_free(&out);
}

static const struct {
    const char *line;
    bool cut;
    enum nw_log_level most;
    const char *expected;
} cases[] = {
    {"ts=2026-11-24T05:48:05Z level=info name=tag pid=8 msg=\"x\"", false, NW_LOG_INFO,
     "ts=2026-11-24T05:48:05Z level=info name=tag pid=8 msg=\"x\"\n"},
    {"ts=1 level=debug msg=x", false, NW_LOG_INFO, ""},
    {"ts=1 level=debug msg=x", false, NW_LOG_DEBUG, "ts=1 level=debug msg=x\n"},
    {"ts=1 level=error", false, NW_LOG_ERROR, "ts=1 level=error\n"},
    {"ts=1 level=info \033[31mred", false, NW_LOG_INFO, "ts=1 level=info ?[31mred\n"},
    {"", false, NW_LOG_INFO, ""},
    {"Traceback: \"x\" \\ y", false, NW_LOG_INFO,
     "ts=2026-01-02T03:04:05Z level=warn name=upper-1 pid=42 msg=\"Traceback: \\\"x\\\" \\\\ y\"\n"},
    {"a\tb\001c\xff\xc3\xa9", false, NW_LOG_INFO,
     "ts=2026-01-02T03:04:05Z level=warn name=upper-1 pid=42 msg=\"a b?c?\xc3\xa9\"\n"},
    {"long", true, NW_LOG_WARN, "ts=2026-01-02T03:04:05Z level=warn name=upper-1 pid=42 msg=\"long …\"\n"},
    {"plain", false, NW_LOG_ERROR, ""},
    {"ts=1 level=loud", false, NW_LOG_INFO,
     "ts=2026-01-02T03:04:05Z level=warn name=upper-1 pid=42 msg=\"ts=1 level=loud\"\n"},
};

static void test_forwarding(void **state)
{
    (void)state;
    nw_clock_fake(nw_time_from_civil(2026, 1, 2, 3, 4, 5), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nw_buf out;
        nw_buf_init(&out, 1000);
        forward_line(nw_str_z(cases[i].line), cases[i].cut, "upper-1", 42, cases[i].most, &out);
        nw_buf_char(&out, '\0');
        assert_string_equal(out.p, cases[i].expected);
        nw_buf_free(&out);
    }
    nw_clock_real();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_for_any_pieces),
        cmocka_unit_test(test_endless_line_is_bounded),
        cmocka_unit_test(test_forwarding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
