/* When an article came out; and a search that never begins too late. */
#include "trends/when.h"

#include "generate.h"

#include <newswire/clock.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ENTRIES = 30000 };
static const int64_t hour = 3600000;

static int64_t ms(const char *text)
{
    int64_t time;

    assert_true(nw_time_parse(nw_str_z(text), &time));
    return time;
}

static void when_it_came_out(void **state)
{
    static const struct {
        const char *version, *content, *precision, *received, *embargo, *out;
    } cases[] = {
        /* as its version says */
        {"2026-03-01T12:00:00Z", "2026-02-01T00:00:00Z", NULL, "2026-03-01T12:01:00Z", NULL, "2026-03-01T12:00:00Z"},
        {NULL, "2026-03-01T11:00:00Z", NULL, "2026-03-01T12:01:00Z", NULL, "2026-03-01T11:00:00Z"},
        {"2026-03-01T12:00:00Z", NULL, NULL, NULL, NULL, "2026-03-01T12:00:00Z"},
        /* never after it was received */
        {"2027-03-01T12:00:00Z", NULL, NULL, "2026-03-01T12:01:00Z", NULL, "2026-03-01T12:01:00Z"},
        /* nothing is told */
        {NULL, NULL, NULL, "2026-03-01T12:01:00Z", NULL, "2026-03-01T12:01:00Z"},
        {NULL, NULL, NULL, NULL, NULL, "1970-01-01T00:00:00Z"},
        /* a date that is today's, and one of another day */
        {NULL, "2026-03-01T00:00:00Z", "day", "2026-03-01T12:01:00Z", NULL, "2026-03-01T12:01:00Z"},
        {NULL, "2026-02-01T00:00:00Z", "day", "2026-03-01T12:01:00Z", NULL, "2026-02-01T00:00:00Z"},
        /* a time of no zone that may be now, and one that may not */
        {NULL, "2026-03-01T07:00:00Z", "local", "2026-03-01T12:01:00Z", NULL, "2026-03-01T12:01:00Z"},
        {NULL, "1987-03-01T07:00:00Z", "local", "2026-03-01T12:01:00Z", NULL, "1987-03-01T07:00:00Z"},
        {NULL, "2026-03-01T12:00:00Z", "minute", "2026-03-01T12:01:00Z", NULL, "2026-03-01T12:00:00Z"},
        /* not before an embargo's end */
        {"2026-03-01T06:00:00Z", NULL, NULL, "2026-03-01T06:01:00Z", "2026-03-01T18:00:00Z", "2026-03-01T18:00:00Z"},
        {"2026-03-01T06:00:00Z", NULL, NULL, "2026-03-01T06:01:00Z", "2026-03-01T05:00:00Z", "2026-03-01T06:00:00Z"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nw_arena arena = {0};
        struct nw_record *record = nw_record_new(&arena);
        char out[NW_TIME_TEXT];
        if (cases[i].version)
            NW_SET(record, record, version_created, ms(cases[i].version));
        if (cases[i].content)
            NW_SET(record, record, content_created, ms(cases[i].content));
        if (cases[i].received)
            NW_SET(source, record->source, received, ms(cases[i].received));
        if (cases[i].embargo)
            NW_SET(record, record, embargoed_until, ms(cases[i].embargo));
        if (cases[i].precision) {
            assert_int_equal(nw_record_set_precision(&arena, record, "embargoedUntil", "year"), 0);
            assert_int_equal(nw_record_set_precision(&arena, record, "contentCreated", cases[i].precision), 0);
        }
        nw_time_print(nw_when_out(record), out);
        assert_string_equal(out, cases[i].out);
        nw_arena_free(&arena);
    }
}

/* ---- a log */

struct log {
    const int64_t *received; /* an entry is a record that was received then; from 1 */
    struct nw_buf entry;     /* the one that was read last */
    uint64_t first, head;
};

static int log_read(void *user, uint64_t oseq, struct nw_str *record)
{
    struct log *log = user;
    struct nw_arena arena = {0};
    struct nw_record *made = nw_record_new(&arena);

    assert_true(oseq >= log->first && oseq <= log->head);
    NW_SET(source, made->source, index, 0);
    NW_SET(source, made->source, received, log->received[oseq]);
    nw_buf_clear(&log->entry);
    assert_int_equal(nw_record_encode(made, &log->entry), 0);
    nw_arena_free(&arena);
    *record = nw_buf_view(&log->entry);
    return 0;
}

static void log_range(void *user, uint64_t *first, uint64_t *head)
{
    const struct log *log = user;

    *first = log->first;
    *head = log->head;
}

/* Logs of all kinds of rhythm, with late ones strewn in: nothing that was received since is before the place found, and
 * where the rhythm is even the place is not much too early. */
static void the_search_misses_nothing(void **state)
{
    int64_t *received = calloc(ENTRIES + 1, sizeof *received);
    struct log log = {.received = received, .first = 1, .head = ENTRIES};
    struct nw_when_log source = {&log, log_read, log_range};
    struct nw_arena arena = {0};

    (void)state;
    assert_non_null(received);
    nw_buf_init(&log.entry, NW_RECORD_MAX);
    for (uint64_t round = 0; round < 40; round++) {
        struct nw_generator g = {.state = round + 1};
        struct nw_when_search search = {.most = UINT64_MAX};
        int64_t time = 100000 * hour;
        uint64_t wanted = 0;
        int r;
        for (size_t i = 1; i <= ENTRIES; i++) {
            time += (int64_t)nw_generate_below(&g, (round + 1) * 3000);
            time += nw_generate_below(&g, 5000) == 0 ? 10 * hour * (int64_t)(round % 3) : 0;
            received[i] = nw_generate_below(&g, 20) ? time : time - 90 * hour;
        }
        log.first = round % 4 == 3 ? 20000 : 1;
        search.since = time - (int64_t)nw_generate_below(&g, (size_t)(60 * hour));
        for (uint64_t i = log.head; i >= log.first; i--)
            wanted = received[i] >= search.since ? i : wanted;
        while ((r = nw_when_step(&search, &source, &arena, 3)) == NW_WHEN_ON)
            ;
        assert_int_equal(r, 0);
        assert_in_range(search.at, log.first, wanted);
        assert_true(search.at == log.first || wanted - search.at < 8 * 512);
    }
    nw_arena_free(&arena);
    nw_buf_free(&log.entry);
    free(received);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(when_it_came_out),
        cmocka_unit_test(the_search_misses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
