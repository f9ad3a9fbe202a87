/*
 * What aggregate saves of its memory (stages/aggregate/saved.h): a memory that is taken back from it, at any place,
 * also from the middle of the stream, gives every later article the same bytes and saves the same of it; bytes that
 * were cut or changed are refused or harmless.
 */
#include "conf/conf.h"
#include "run/context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct nw_stage nw_stage_aggregate;

enum { ARTICLES = 400, REMEMBERED = 64, EACH = 25 /* between two savings of the rest */ };

/* A stage, what it put out last, and what it saved of that. */
struct bench {
    struct nw_stage_context context;
    struct nw_arena arena;
    struct nw_conf *conf;
    struct nw_buf out, saved;
};

static int keep(struct nw_stage_context *context, struct nw_record *record)
{
    struct bench *bench = context->owner;

    nw_buf_clear(&bench->out);
    nw_buf_clear(&bench->saved);
    assert_int_equal(nw_record_encode(record, &bench->out), 0);
    return nw_stage_aggregate.save(context, context->state, NW_SAVED_RECORD, &bench->saved);
}

static void bench_open(struct bench *bench)
{
    char json[64], why[NW_CONF_WHY];

    *bench = (struct bench){.context = {.arena = &bench->arena, .emit = keep, .owner = bench}};
    nw_buf_init(&bench->out, NW_RECORD_MAX);
    nw_buf_init(&bench->saved, NW_RECORD_MAX);
    snprintf(json, sizeof json, "{\"memory_articles\": %d}", REMEMBERED);
    assert_int_equal(nw_conf_from_json(nw_str_z(json), nw_stage_aggregate.conf, &bench->conf, why), 0);
    assert_int_equal(nw_context_open(&bench->context, &nw_stage_aggregate, bench->conf), 0);
}

static void bench_close(struct bench *bench)
{
    nw_context_close(&bench->context);
    nw_conf_free(&bench->conf);
    nw_arena_free(&bench->arena);
    nw_buf_free(&bench->out);
    nw_buf_free(&bench->saved);
}

/* Article i of a stream in which some are copies, some grow, some are new versions, some take others back, and most go
 * on with what was told long before. */
static void put(struct bench *bench, int i)
{
    static const char *const towns[] = {"Arvik", "Belmora", "Castra", "Dunholm", "Elvas", "Farrow", "Gorina"};
    static const char *const deeds[] = {"strike at the harbour", "flood of the lower town", "vote on the new bridge"};
    bool kill = i % 29 == 28;
    const char *town = towns[i % 7], *deed = deeds[i % 3];
    char uri[32], headline[128], body[2048];
    struct nw_record *record;
    size_t n;

    nw_arena_reset(&bench->arena);
    snprintf(uri, sizeof uri, "urn:test:%d", kill ? i - i % 23 : i % 11 == 10 ? i - 5 : i);
    snprintf(headline, sizeof headline, "%s awaits the %s", town, deed);
    n = (size_t)snprintf(
        body, sizeof body,
        "%s prepared for the %s while %d people waited. The mayor of %s counted %d boats, %d carts and "
        "a mule named number %d. Nobody could remember a year like it. ",
        town, deed, 100 + i % 13, town, i % 17 * 3, i % 19 * 5, i % 31);
    for (int k = 0; k < i % 40; k++)
        n += (size_t)snprintf(body + n, sizeof body - n, "Word%d of %s. ", (i * 7 + k * k) % 997, town);
    record = nw_record_new(&bench->arena);
    NW_SET(record, record, uri, nw_arena_dup(&bench->arena, nw_str_z(uri)));
    NW_SET(record, record, version_created, (int64_t)(i + 1) * 3600000);
    NW_SET(source, record->source, index, 0);
    assert_int_equal(nw_record_set_headline(&bench->arena, record, nw_arena_dup(&bench->arena, nw_str_z(headline))), 0);
    assert_int_equal(nw_record_set_body(&bench->arena, record, nw_arena_dup(&bench->arena, nw_str_z(body))), 0);
    if (kill)
        NW_SET(record, record, pub_status, NW_S("canceled"));
    assert_int_equal(nw_context_process(&bench->context, record), NW_OK);
}

/* The stream, as it came out and was saved. */
struct told {
    struct nw_buf outs[ARTICLES], saved[ARTICLES], rests[ARTICLES]; /* rests: before the article */
};

static void copy(struct nw_buf *to, const struct nw_buf *from)
{
    nw_buf_init(to, NW_RECORD_MAX);
    assert_int_equal(nw_buf_str(to, nw_buf_view(from)), 0);
}

static void tell(struct told *told)
{
    struct bench bench;

    bench_open(&bench);
    for (int i = 0; i < ARTICLES; i++) {
        nw_buf_init(&told->rests[i], NW_RECORD_MAX);
        if (i % EACH == 0)
            assert_int_equal(
                nw_stage_aggregate.save(&bench.context, bench.context.state, NW_SAVED_REST, &told->rests[i]), 0);
        put(&bench, i);
        copy(&told->outs[i], &bench.out);
        copy(&told->saved[i], &bench.saved);
    }
    bench_close(&bench);
}

static void told_free(struct told *told)
{
    for (int i = 0; i < ARTICLES; i++) {
        nw_buf_free(&told->outs[i]);
        nw_buf_free(&told->saved[i]);
        nw_buf_free(&told->rests[i]);
    }
}

static int take_back(struct bench *bench, enum nw_saved what, struct nw_str saved)
{
    return nw_stage_aggregate.take_back(&bench->context, bench->context.state, what, saved);
}

/* Where it begins as late as it may, so that stories are known of whose beginnings nothing is. */
static int begin_of(int killed)
{
    int begin = killed - REMEMBERED < 0 ? 0 : killed - REMEMBERED;

    return begin - begin % EACH;
}

static void test_goes_on_as_if_nothing_had_been(void **state)
{
    static struct told told;

    (void)state;
    tell(&told);
    for (int killed = 1; killed < ARTICLES; killed += 23) {
        struct bench again;
        int begin = begin_of(killed);
        bench_open(&again);
        assert_int_equal(take_back(&again, NW_SAVED_REST, nw_buf_view(&told.rests[begin])), 0);
        for (int i = begin; i < killed; i++)
            assert_int_equal(take_back(&again, NW_SAVED_RECORD, nw_buf_view(&told.saved[i])), 0);
        for (int i = killed; i < ARTICLES; i++) {
            put(&again, i);
            assert_true(nw_str_eq(nw_buf_view(&again.out), nw_buf_view(&told.outs[i])));
            assert_int_equal(again.saved.n, told.saved[i].n);
        }
        bench_close(&again);
    }
    told_free(&told);
}

/* A checksum stands before these bytes; should one ever lie, nothing is read or written where it must not be. */
static void test_nonsense_is_refused(void **state)
{
    static struct told told;
    uint64_t seed = 7;

    (void)state;
    tell(&told);
    for (int round = 0; round < 200; round++) {
        struct bench again;
        bench_open(&again);
        assert_int_equal(take_back(&again, NW_SAVED_REST, nw_str(told.rests[0].p, 12)), NW_SAVED_BAD);
        for (int i = 0, r = 0; i < 60 && r == 0; i++) {
            struct nw_buf bytes;
            copy(&bytes, &told.saved[i]);
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            if (i >= round % 50 && round % 2)
                bytes.n = (size_t)(seed >> 33) % bytes.n;
            else if (i >= round % 50)
                memset(bytes.p + (seed >> 33) % (bytes.n < 48 ? bytes.n : 48), (int)(seed >> 20 & 255), 4);
            r = take_back(&again, NW_SAVED_RECORD, nw_buf_view(&bytes));
            assert_true(r == 0 || r == NW_SAVED_BAD);
            nw_buf_free(&bytes);
        }
        bench_close(&again);
    }
    told_free(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_goes_on_as_if_nothing_had_been),
        cmocka_unit_test(test_nonsense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
