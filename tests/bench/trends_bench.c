/*
 * Trends: what counting costs an article that goes into the log, beside decoding it; and what a report costs after two
 * days of 100, 1,000 and 10,000 articles an hour, each of which mentions 12 of 200,000 things.
 *
 *     trends_bench [--quick]
 */
#include "trends/trends.h"

#include <newswire/clock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THINGS = 200000, EACH = 3, NAME = 24, HOURS = 48, HOUR_MS = 3600000, DECODED = 10000 };

static uint32_t dice(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Names as news has them: few that are everywhere, most of them rare. */
static struct nw_str name(char (*names)[NAME], uint32_t *seed)
{
    double u = (double)(dice(seed) % 1000000) / 1000000;

    return nw_str_z(names[(size_t)(u * u * u * u * THINGS)]);
}

#define MENTION(record, member, type, names, seed)                                                                     \
    for (size_t i = 0; i < EACH; i++)                                                                                  \
    NW_SET(type, &(record)->member.v[i], name, name(names, seed))

static void write_article(struct nw_record *record, char (*names)[NAME], int64_t time, uint32_t *seed)
{
    NW_SET(record, record, version_created, time);
    MENTION(record, people, person, names, seed);
    MENTION(record, organisations, organisation, names, seed);
    MENTION(record, places, place, names, seed);
    MENTION(record, subjects, subject, names, seed);
}

static struct nw_record *new_article(struct nw_arena *arena)
{
    static char body[2500];
    struct nw_record *record = nw_record_new(arena);

    memset(body, 'x', sizeof body);
    NW_SET(source, record->source, index, 0);
    for (size_t i = 0; i < EACH; i++) {
        NW_APPEND(arena, record, record, people, person);
        NW_APPEND(arena, record, record, organisations, organisation);
        NW_APPEND(arena, record, record, places, place);
        NW_APPEND(arena, record, record, subjects, subject);
    }
    nw_record_set_headline(arena, record, NW_S("Ferry talks resume after a week of strikes"));
    nw_record_set_body(arena, record, nw_str(body, sizeof body));
    return record;
}

/* A log of one entry, behind which articles are offered. */
static int log_read(void *user, uint64_t oseq, struct nw_str *record)
{
    (void)oseq;
    *record = *(struct nw_str *)user;
    return 0;
}

static void log_range(void *user, uint64_t *first, uint64_t *head)
{
    (void)user;
    *first = *head = 1;
}

static int decode(char (*names)[NAME], struct nw_record *record, uint32_t *seed, size_t rounds)
{
    struct nw_arena arena = {0};
    struct nw_record *decoded;
    struct nw_buf out;
    char why[NW_WHY];
    int64_t micro = 0;

    nw_buf_init(&out, NW_RECORD_MAX);
    for (size_t i = 0; i < rounds; i++) {
        int64_t start;
        write_article(record, names, HOUR_MS, seed);
        nw_buf_clear(&out);
        if (nw_record_encode(record, &out) < 0)
            return 1;
        start = nw_clock_mono_micro();
        nw_arena_reset(&arena);
        if (nw_record_decode(&arena, nw_buf_view(&out), &decoded, why) != 0)
            return 1;
        micro += nw_clock_mono_micro() - start;
    }
    printf("decoding an article\t%.2f\tus\n", (double)micro / (double)rounds);
    nw_buf_free(&out);
    nw_arena_free(&arena);
    return 0;
}

static int count(char (*names)[NAME], struct nw_record *record, uint32_t *seed, size_t per_hour)
{
    struct nw_str none = NW_S("\xc0");
    struct nw_when_log log = {&none, log_read, log_range};
    struct nw_trends *trends;
    struct nw_buf report;
    int64_t micro = 0, start;

    nw_buf_init(&report, 4 << 20);
    if (nw_trends_new(&log, &trends) < 0)
        return 1;
    while (nw_trends_step(trends, 1) != 0)
        ;
    for (uint64_t i = 0; i < per_hour * HOURS; i++) {
        write_article(record, names, (int64_t)(1 + i * HOUR_MS / per_hour), seed);
        start = nw_clock_mono_micro();
        if (nw_trends_offer(trends, i + 2, record) < 0)
            return 1;
        micro += nw_clock_mono_micro() - start;
    }
    printf("counting it, %zu an hour\t%.2f\tus\n", per_hour, (double)micro / (double)(per_hour * HOURS));
    start = nw_clock_mono_micro();
    if (nw_trends_report(trends, &report) < 0)
        return 1;
    printf("report, %zu an hour\t%.2f\tms\n", per_hour, (double)(nw_clock_mono_micro() - start) / 1000);
    nw_buf_free(&report);
    nw_trends_free(&trends);
    return 0;
}

int main(int argc, char **argv)
{
    static const size_t rates[] = {100, 1000, 10000};
    bool quick = getenv("NW_BENCH_QUICK") || (argc > 1 && strcmp(argv[1], "--quick") == 0);
    char(*names)[NAME] = calloc(THINGS, NAME);
    struct nw_arena arena = {0};
    struct nw_record *record = new_article(&arena);
    uint32_t seed = 1;

    for (size_t i = 0; names && i < THINGS; i++)
        snprintf(names[i], NAME, "Ann Person%zu", i);
    if (!names || decode(names, record, &seed, quick ? 10 : DECODED))
        return 1;
    for (size_t i = 0; i < (quick ? 1 : sizeof rates / sizeof *rates); i++) {
        if (count(names, record, &seed, quick ? 2 : rates[i]))
            return 1;
    }
    return 0; /* the process's end frees all */
}
