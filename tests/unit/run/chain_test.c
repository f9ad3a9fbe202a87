/*
 * The chain: order is the input's whatever the number of threads; an article refused, dropped, multiplied or complained
 * about is accounted for; a stage in the middle that emits the same record twice with changes does not see what later
 * stages did.
 */
#include "run/chain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RECORDS = 5000 };

struct count {
    int64_t next;
};

static int count_pull(struct nw_stage_context *context, void *state, size_t room)
{
    struct count *count = state;
    struct nw_record *record;

    (void)room;
    if (count->next == RECORDS)
        return NW_ENDED;
    if (count->next % 1000 == 999)
        nw_complain(context, NW_S("numbers"), "item %d is odd", (int)count->next);
    record = nw_record_new(nw_stage_arena(context));
    if (!record)
        return -12;
    NW_SET(source, record->source, index, count->next);
    NW_SET(source, record->source, path, NW_S("numbers"));
    NW_SET(record, record, urgency, count->next++);
    return nw_emit(context, record);
}

/* Drops sevens, refuses elevens, doubles thirteens. */
static int sieve_process(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    int64_t n = record->urgency;

    (void)state;
    if (n % 7 == 0)
        return nw_drop(context, "seven");
    if (n % 11 == 0)
        return nw_reject(context, "%d is no good", (int)n);
    if (n % 13 == 0) {
        int r;
        assert_false(NW_HAS(record, record, language));
        r = nw_emit(context, record);
        if (r < 0)
            return r;
        assert_false(NW_HAS(record, record, language));
        NW_SET(record, record, by, NW_S("again"));
    }
    return nw_emit(context, record);
}

static int mark_process(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    (void)state;
    NW_SET(record, record, language, NW_S("en"));
    return nw_emit(context, record);
}

static int order_process(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    struct count *count = state;

    assert_true(record->urgency >= count->next);
    count->next = record->urgency;
    return nw_emit(context, record);
}

static const struct nw_stage source = {
    .name = "count", .version = "1", .doc = "", .pull = count_pull, .state_size = sizeof(struct count)};
static const struct nw_stage sieve = {.name = "sieve", .version = "1", .doc = "", .process = sieve_process};
static const struct nw_stage mark = {.name = "mark", .version = "1", .doc = "", .process = mark_process};
static const struct nw_stage order = {.name = "order",
                                      .version = "1",
                                      .doc = "",
                                      .ordered = true,
                                      .process = order_process,
                                      .state_size = sizeof(struct count)};

struct heard {
    struct nw_buf text;
    size_t complaints, stop_after, outputs;
};

static int hear(void *user, struct nw_str record)
{
    struct heard *heard = user;

    nw_buf_str(&heard->text, record);
    nw_buf_char(&heard->text, '\n');
    return ++heard->outputs == heard->stop_after;
}

static void complain(void *user, struct nw_str path, const char *sentence)
{
    struct heard *heard = user;

    assert_true(nw_str_eq(path, NW_S("numbers")));
    assert_true(sentence[0]);
    heard->complaints++;
}

static int run(size_t n, unsigned jobs, struct heard *heard, struct nw_chain_stats *stats)
{
    static const struct nw_stage *const stages[] = {&sieve, &mark, &order};
    static const struct nw_conf *const confs[] = {NULL, NULL, NULL};
    struct nw_chain_options options = {
        .source = &source,
        .stages = stages,
        .confs = confs,
        .n = n,
        .jobs = jobs,
        .user = heard,
        .output = hear,
        .complain = complain,
    };

    nw_buf_init(&heard->text, (size_t)64 << 20);
    return nw_chain_run(&options, stats);
}

static void test_same_output_for_any_number_of_threads(void **state)
{
    struct heard first = {.stop_after = SIZE_MAX};
    struct nw_chain_stats one;
    size_t dropped = 0, rejected = 0, doubled = 0;

    (void)state;
    for (int n = 0; n < RECORDS; n++) {
        dropped += n % 7 == 0;
        rejected += n % 7 && n % 11 == 0;
        doubled += n % 7 && n % 11 && n % 13 == 0;
    }
    for (size_t n = 0; n <= 3; n++) {
        assert_int_equal(run(n, 1, &first, &one), 0);
        assert_int_equal(one.pulled, RECORDS);
        assert_int_equal(one.complaints, RECORDS / 1000);
        assert_int_equal(one.dropped, n ? dropped : 0);
        assert_int_equal(one.rejected, n ? rejected : 0);
        assert_int_equal(one.outputs, n ? RECORDS - dropped - rejected + doubled : RECORDS);
        assert_int_equal(first.complaints, one.complaints + one.rejected);
        for (unsigned jobs = 2; jobs < 6; jobs++) {
            struct heard other = {.stop_after = SIZE_MAX};
            struct nw_chain_stats many;
            assert_int_equal(run(n, jobs, &other, &many), 0);
            assert_memory_equal(&one, &many, sizeof one);
            assert_true(nw_str_eq(nw_buf_view(&first.text), nw_buf_view(&other.text)));
            nw_buf_free(&other.text);
        }
        nw_buf_free(&first.text);
        first = (struct heard){.stop_after = SIZE_MAX};
    }
}

static void test_output_may_end_it(void **state)
{
    (void)state;
    for (unsigned jobs = 1; jobs < 4; jobs++) {
        struct heard heard = {.stop_after = 10};
        struct nw_chain_stats stats;
        assert_int_equal(run(3, jobs, &heard, &stats), 1);
        assert_int_equal(heard.outputs, 10);
        nw_buf_free(&heard.text);
    }
}

/* ---- records with a place in the journal */

/* As count, but each record has a jseq: its number and 1. */
static int journal_pull(struct nw_stage_context *context, void *state, size_t room)
{
    struct count *count = state;
    struct nw_record *record = nw_record_new(nw_stage_arena(context));
    struct nw_pipeline *pipeline = NW_ARENA_NEW(nw_stage_arena(context), struct nw_pipeline, 1);

    (void)room;
    if (count->next == RECORDS)
        return NW_ENDED;
    if (!record || !pipeline)
        return -12;
    NW_SET(source, record->source, path, NW_S("numbers"));
    NW_SET(source, record->source, index, count->next);
    NW_SET(record, record, pipeline, pipeline);
    NW_SET(record, record, urgency, count->next++);
    NW_SET(pipeline, pipeline, jseq, count->next);
    return nw_emit(context, record);
}

/* Makes a record of its own, as clean does: what the source said of the journal is not in it. */
static int anew_process(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    struct nw_record *anew = nw_record_new(nw_stage_arena(context));
    int r = 0;

    (void)state;
    if (!anew)
        return -12;
    NW_SET(source, anew->source, index, 0);
    NW_SET(record, anew, urgency, record->urgency);
    for (int64_t i = 0; i <= record->urgency % 3 && r == 0; i++)
        r = nw_emit(context, anew);
    return r;
}

/* Refuses the second article of each fifth entry, and remembers the past. */
struct wary {
    int64_t recalled;
};

static int wary_process(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    const struct wary *wary = state;

    assert_int_equal(wary->recalled, 3);
    if (record->pipeline->jseq % 5 == 0 && record->pipeline->sub == 1)
        return nw_reject(context, "no");
    return nw_emit(context, record);
}

static int wary_recall(struct nw_stage_context *context, void *state, const struct nw_record *record)
{
    struct wary *wary = state;

    (void)context;
    assert_int_equal(record->urgency, wary->recalled);
    wary->recalled++;
    return 0;
}

static const struct nw_stage journal = {
    .name = "journal", .version = "1", .doc = "", .pull = journal_pull, .state_size = sizeof(struct count)};
static const struct nw_stage anew = {.name = "anew", .version = "1", .doc = "", .process = anew_process};
static const struct nw_stage wary = {.name = "wary",
                                     .version = "1",
                                     .doc = "",
                                     .ordered = true,
                                     .process = wary_process,
                                     .recall = wary_recall,
                                     .state_size = sizeof(struct wary)};

struct places {
    int64_t jseq, sub; /* of the next output */
};

/* The outputs come in the order of (jseq, sub), numbered before the ordered stage refused some. */
static int hear_place(void *user, struct nw_str bytes)
{
    struct places *next = user;
    struct nw_arena arena = {0};
    struct nw_record *record;
    char why[NW_WHY];

    assert_int_equal(nw_record_decode(&arena, bytes, &record, why), 0);
    assert_int_equal(record->pipeline->jseq, next->jseq);
    assert_int_equal(record->pipeline->sub, next->sub);
    assert_int_equal(record->urgency + 1, next->jseq);
    next->sub += next->jseq % 5 == 0 && next->sub == 0 ? 2 : 1;
    if (next->sub > (next->jseq - 1) % 3)
        *next = (struct places){next->jseq + 1, 0};
    nw_arena_free(&arena);
    return 0;
}

static void ignore(void *user, struct nw_str path, const char *sentence)
{
    (void)user;
    (void)path;
    (void)sentence;
}

static int past(void *user, int (*recall)(void *stage, const struct nw_record *record), void *stage)
{
    struct nw_arena arena = {0};
    struct nw_record *record = nw_record_new(&arena);
    int r = record ? 0 : -12;

    (void)user;
    for (int64_t i = 0; i < 3 && r == 0; i++) {
        NW_SET(record, record, urgency, i);
        r = recall(stage, record);
    }
    nw_arena_free(&arena);
    return r;
}

static void test_places_in_the_journal(void **state)
{
    static const struct nw_stage *const stages[] = {&anew, &wary};
    static const struct nw_conf *const confs[] = {NULL, NULL};

    (void)state;
    for (unsigned jobs = 1; jobs < 4; jobs++) {
        struct places places = {1, 0};
        struct nw_chain_options options = {
            .source = &journal,
            .stages = stages,
            .confs = confs,
            .n = 2,
            .jobs = jobs,
            .form = NW_CHAIN_MSGPACK,
            .user = &places,
            .past = past,
            .output = hear_place,
            .complain = ignore,
        };
        struct nw_chain_stats stats;
        assert_int_equal(nw_chain_run(&options, &stats), 0);
        assert_int_equal(places.jseq, RECORDS + 1);
        assert_true(stats.rejected > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_output_for_any_number_of_threads),
        cmocka_unit_test(test_output_may_end_it),
        cmocka_unit_test(test_places_in_the_journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
